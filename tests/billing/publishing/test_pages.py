"""The office reads what pagoPA refused and why, and has it tried again."""

import pytest

from sportello.accounts.models import Role
from sportello.audit.models import Event
from sportello.billing.debts.opening import Collected
from sportello.billing.publishing.models import GatewayCopy
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.paying import NOW, position
from tests.factories.people import Family

pytestmark = pytest.mark.django_db
PAGE = "/ufficio/riconciliazione/avvisi/"


@pytest.fixture
def refused(home: Family) -> GatewayCopy:
    held = position(home.parent, Collected(home.children[0].pk, "mensa", 1500))
    GatewayCopy.objects.filter(pk=held.pk).update(
        refusal_code="pagopa_refused", refusal_words="Conflict: IBAN not known", refused_at=NOW
    )
    return GatewayCopy.objects.get(pk=held.pk)


def test_a_refusal_is_shown_with_its_words_and_tried_again(refused: GatewayCopy, bari_client: HostClient) -> None:
    bari_client.force_login(account(Role.CLERK))
    page = bari_client.get(PAGE).content.decode()
    assert "Conflict: IBAN not known" in page
    assert f"/ufficio/avvisi/{refused.position.public_id}/" in page
    assert "pagoPA non ha accettato 1 avviso" in bari_client.get("/ufficio/riconciliazione/").content.decode()
    answer = bari_client.post(f"{PAGE}riprova/", {"avviso": [str(refused.position.public_id), "no"]}, follow=True)
    assert "1 avviso parte di nuovo." in answer.content.decode()
    refused.refresh_from_db()
    assert refused.refusal_code == ""
    assert Event.objects.filter(details__what="tried_again", details__count=1).exists()


def test_only_an_administrator_sends_everything_again(refused: GatewayCopy, bari_client: HostClient) -> None:
    bari_client.force_login(account(Role.CLERK))
    assert "manda-tutti" not in bari_client.get(PAGE).content.decode()
    assert bari_client.post(f"{PAGE}manda-tutti/").status_code == 403
    bari_client.force_login(account(Role.ADMINISTRATOR))
    assert "manda-tutti" in bari_client.get(PAGE).content.decode()
    bari_client.post(f"{PAGE}manda-tutti/")
    refused.refresh_from_db()
    assert (refused.version, refused.refusal_code) == (2, "")


def test_families_and_schools_do_not_see_it(refused: GatewayCopy, home: Family, bari_client: HostClient) -> None:
    for who in (home.account, account(Role.SCHOOL)):
        bari_client.force_login(who)
        assert bari_client.get(PAGE).status_code == 403
