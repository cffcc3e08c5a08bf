"""A parent in arrears is told at the sending, where the Comune says so; her draft waits for the payment."""

from datetime import UTC, date, datetime

import pytest

from sportello.applications.models import ApplicationState, ProtocolRecord
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.applications.enrolling import Enrolling, enrolment_edition, family_at_school
from tests.comuni import HostClient
from tests.factories.people import Family

CONDITIONS = [{"code": "arrears", "label": {"it": "pagamenti arretrati"}}]


@pytest.fixture
def parent(bari: Municipality) -> Family:
    blocks = {"blocks_enrolment": True, "overdue_after_days": 30}
    enrolment_edition(conditions=CONDITIONS, fees={"arrears": blocks})
    return family_at_school()


@pytest.fixture
def enrolling(parent: Family, bari_client: HostClient) -> Enrolling:
    bari_client.force_login(parent.account)
    return Enrolling(bari_client, parent.children[0])


def post(parent: Family, cents: int, on: date) -> None:
    kind = EntryKind.CHARGE if cents < 0 else EntryKind.PAYMENT
    line = EntryLine(parent.children[0].pk, "nido", kind, Money(cents), on, "Prova", f"prova:{cents}")
    post_entries(lines=[line], now=datetime.combine(on, datetime.min.time(), UTC), actor=None)


def test_the_draft_is_kept_with_the_reason_and_leaves_once_paid(enrolling: Enrolling, parent: Family) -> None:
    application = enrolling.fill()
    post(parent, -4000, date(2026, 9, 30))
    refused = enrolling.send()
    assert refused.status_code == 422
    assert "pagamenti scaduti dei servizi scolastici" in refused.content.decode()
    application.refresh_from_db()
    assert (application.state, ProtocolRecord.objects.count()) == (ApplicationState.DRAFT, 0)
    post(parent, 4000, date(2026, 11, 1))
    assert enrolling.send().status_code == 302
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED


def test_where_the_edition_only_warns_she_reads_it_and_sends(bari: Municipality, bari_client: HostClient) -> None:
    warns = {"warns_enrolment": True, "overdue_after_days": 30}
    enrolment_edition(conditions=CONDITIONS, fees={"arrears": warns})
    parent = family_at_school()
    bari_client.force_login(parent.account)
    enrolling = Enrolling(bari_client, parent.children[0])
    application = enrolling.fill()
    path = f"/servizi/mensa/domanda/{application.public_id}/riepilogo/"
    assert "Pagamenti da saldare" not in bari_client.get(path).content.decode()
    post(parent, -4000, date(2026, 9, 30))
    assert "Pagamenti da saldare" in bari_client.get(path).content.decode()
    assert enrolling.send().status_code == 302
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
