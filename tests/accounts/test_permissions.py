"""Who sees a page: somebody unknown goes to the login and comes back, somebody without the right is told why."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from integrations.spid_cie.models import IdentityProvider, SigningKey
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, identified, role_required
from sportello.config import urls_municipality
from sportello.kernel import clock
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import account


@identified
def for_everybody(request: IdentifiedRequest, number: int = 0) -> HttpResponse:
    return HttpResponse(f"{request.user.public_id} {number}")


@role_required(Role.CLERK, Role.ADMINISTRATOR)
def for_the_office(request: IdentifiedRequest) -> HttpResponse:
    return HttpResponse("office")


urlpatterns = [path("prova/<int:number>/", for_everybody), path("prova-ufficio/", for_the_office)]
urlpatterns += urls_municipality.urlpatterns  # type: ignore[arg-type]  # patterns and resolvers


@pytest.fixture(autouse=True)
def _pages() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def person(client: HostClient, *roles: Role, **fields: Any) -> None:
    """The browser belongs to somebody with these roles."""
    with in_schema(client.schema):
        made = account(*roles, **fields)
    client.force_login(made)


def test_somebody_unknown_is_led_to_the_login_and_back(bari_client: HostClient) -> None:
    answer = bari_client.get("/prova/7/", {"a": "b c"})
    assert (answer.status_code, answer["Location"]) == (302, "/accedi/?next=%2Fprova%2F7%2F%3Fa%3Db%2Bc")


def test_what_was_posted_does_not_come_back(bari_client: HostClient) -> None:
    assert bari_client.post("/prova/7/")["Location"] == "/accedi/?next=%2F"


def test_a_fragment_sends_the_whole_page_to_the_login(bari_client: HostClient) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://bari.localhost:8000/ufficio/?pagina=2"}
    answer = bari_client.get("/prova/7/", headers=headers)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/accedi/?next=%2Fufficio%2F%3Fpagina%3D2"


def test_any_adult_passes(bari_client: HostClient) -> None:
    person(bari_client, birth_date=date(1990, 1, 1))
    assert bari_client.get("/prova/7/").content.decode().endswith(" 7")


def test_a_minor_is_told_why_not(bari_client: HostClient) -> None:
    person(bari_client, birth_date=date(2011, 1, 1))
    answer = bari_client.get("/prova/7/")
    assert answer.status_code == 403
    assert "almeno 18 anni" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.ADMINISTRATOR])
def test_one_of_the_roles_is_enough(bari_client: HostClient, role: Role) -> None:
    person(bari_client, role)
    assert bari_client.get("/prova-ufficio/").status_code == 200


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.DELEGATE])
def test_another_role_is_not(bari_client: HostClient, role: Role) -> None:
    person(bari_client, role)
    answer = bari_client.get("/prova-ufficio/")
    assert answer.status_code == 403
    assert "operatore d&#x27;ufficio, amministratore comunale" in answer.content.decode()


@pytest.mark.parametrize(
    ("period", "status"),
    [
        ((date(2020, 1, 1), date(2026, 11, 23)), 403),
        ((date(2020, 1, 1), date(2026, 11, 24)), 200),
        ((date(2026, 11, 23), None), 200),
        ((date(2026, 11, 24), None), 403),
    ],
)
def test_a_role_counts_from_its_first_day_to_its_last(
    bari_client: HostClient, monkeypatch: pytest.MonkeyPatch, period: tuple[date, date | None], status: int
) -> None:
    monkeypatch.setattr("sportello.kernel.clock.today", lambda: date(2026, 11, 23))
    person(bari_client, Role.CLERK, valid_during=period)
    assert bari_client.get("/prova-ufficio/").status_code == status


def test_an_account_suspended_meanwhile_is_out(bari_client: HostClient) -> None:
    with in_schema(bari_client.schema):
        made = account(Role.CLERK)
    bari_client.force_login(made)
    with in_schema(bari_client.schema):
        made.is_active = False
        made.save(update_fields=["is_active"])
    assert bari_client.get("/prova-ufficio/").status_code == 302


def _errors() -> list[str]:
    found = run_checks(app_configs=[apps.get_app_config("accounts")], tags=["security"])
    return [message.id for message in found if message.id == "accounts.E001"]


@override_settings(DEBUG=False, DEMO=False, TESTING=False)
def test_invented_identities_are_refused_in_production() -> None:
    assert _errors() == ["accounts.E001"]


@pytest.mark.parametrize("where", ["DEBUG", "DEMO", "TESTING"])
def test_invented_identities_are_for_the_demo_and_the_tests(where: str) -> None:
    with override_settings(**{"DEBUG": False, "DEMO": False, "TESTING": False, where: True}):
        assert _errors() == []


def test_without_the_simulator_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sportello.accounts.checks.simulator_installed", lambda: False)
    with override_settings(DEBUG=False, DEMO=False, TESTING=False):
        assert _errors() == []


def test_without_a_provider_the_door_says_so(bari_client: HostClient) -> None:
    IdentityProvider.objects.update(enabled=False)
    assert "non è ancora attivo" in bari_client.get("/accedi/").content.decode()
    asked = {"idp": IdentityProvider.objects.order_by("pk")[0].entity_id}
    assert bari_client.get("/accedi/avvia/", asked).status_code == 404


def test_without_a_key_the_door_says_so(bari_client: HostClient) -> None:
    SigningKey.objects.update(retired_at=clock.instant())
    assert "non è ancora attivo" in bari_client.get("/accedi/").content.decode()
    asked = {"idp": IdentityProvider.objects.order_by("pk")[0].entity_id}
    assert bari_client.get("/accedi/avvia/", asked).status_code == 403
