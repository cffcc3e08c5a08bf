"""A digital identity from 14 years: participation only. Below, nobody; from 18, all."""

from datetime import date

import pytest

from integrations.spid_cie.saml.names import SPID
from integrations.spid_cie.simulator.asking import read_request
from integrations.spid_cie.simulator.federation import DemoProvider
from sportello.accounts.models import Account
from sportello.kernel import clock
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import fiscal_code
from tests.spid_cie.browser import Login, signed_in


def born_years_ago(years: int, *, days: int = 0) -> date:
    """The birth date of who completes these years today, or so many days after today."""
    today = clock.today()
    return date(today.year - years, today.month, today.day + days)


def enters(client: HostClient, born: date, next_path: str = "") -> tuple[int, str]:
    """Status and place where somebody born then ends."""
    answer = Login(client).enter(fiscal_code(birth_date=born), next_path=next_path)
    return answer.status_code, answer.get("Location", "")


@pytest.mark.parametrize(
    ("years", "days", "lands"),
    [
        (14, 0, (302, "/partecipazione/")),
        (14, 1, (403, "")),
        (15, 0, (302, "/partecipazione/")),
        (18, 1, (302, "/partecipazione/")),
        (18, 0, (302, "/area/")),
    ],
)
def test_where_one_lands_by_age(bari_client: HostClient, years: int, days: int, lands: tuple[int, str]) -> None:
    assert enters(bari_client, born_years_ago(years, days=days)) == lands
    assert signed_in(bari_client) == (lands[0] == 302)


@pytest.mark.parametrize(
    "path",
    ["/area/", "/area/domande/", "/area/deleghe/", "/area/mensa/", "/servizi/mensa/domanda/", "/ufficio/", "/scuola/"],
)
def test_a_fifteen_year_old_sees_participation_and_nothing_else(bari_client: HostClient, path: str) -> None:
    enters(bari_client, born_years_ago(15))
    assert bari_client.get("/partecipazione/").status_code == 200
    assert bari_client.get(path).status_code in {403, 404}


def test_the_refusal_shows_her_where_she_may_go(bari_client: HostClient) -> None:
    enters(bari_client, born_years_ago(15))
    page = bari_client.get("/area/").content.decode()
    assert 'href="/partecipazione/"' in page
    assert 'href="/area/domande/"' not in page


@pytest.mark.parametrize(("path", "age"), [("/area/", 18), ("", 18), ("/partecipazione/", 14)])
def test_the_provider_is_asked_to_check_the_age(bari_client: HostClient, path: str, age: int) -> None:
    request = Login(bari_client).begin(path)
    asked = read_request(request, provider=DemoProvider("spid"), now=clock.instant())
    assert asked.minimum_age == age
    assert SPID == "https://spid.gov.it/saml-extensions"


def test_our_calendar_decides_whatever_the_provider_let_through(bari_client: HostClient) -> None:
    code = fiscal_code(birth_date=born_years_ago(13))
    assert Login(bari_client).enter(code, next_path="/partecipazione/").status_code == 403
    with in_schema(bari_client.schema):
        assert not Account.objects.filter(identifier=code).exists()
