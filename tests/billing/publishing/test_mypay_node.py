"""A Comune on MyPay from end to end, against a MyPay that keeps dues and takes money; and what may go wrong there."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from integrations.models import Connector
from integrations.pagopa.mypay import NOT_THERE
from sportello.billing.debts.calendar import follow_calendar
from sportello.billing.debts.changing import adjust_amount, invalidate_position, postpone_position
from sportello.billing.debts.models import DebtPosition, PositionState
from sportello.billing.debts.opening import Collected
from sportello.billing.models import LedgerAccount
from sportello.billing.publishing.following import follow_expiry
from sportello.billing.publishing.models import GatewayCopy, Standing
from sportello.billing.publishing.polling import poll_all
from sportello.billing.publishing.sending import tell_waiting
from sportello.billing.receipts.models import Receipt
from sportello.kernel.money import Money
from tenants.current import in_schema
from tenants.models import Municipality
from tests.billing.publishing.conftest import Wire, pay, there
from tests.factories import family
from tests.factories.charging import service_of
from tests.factories.paying import NOW, charge, institution, position
from tests.factories.people import Family

pytestmark = pytest.mark.django_db(transaction=True)


def place(adapter: str, bari: Municipality) -> Family:
    institution(bari, adapter=adapter)
    Connector.objects.create(kind="pagopa", adapter=f"simulator_{adapter}", settings={}, enabled=True)
    service_of("mensa", "meals")
    made = family(children=1)
    charge(made.children[0], 1500)
    return made


@pytest.fixture
def home(bari: Municipality, wire: Wire) -> Family:
    return place("mypay", bari)


def notice(home: Family, **fields: Any) -> DebtPosition:
    return position(home.parent, Collected(home.children[0].pk, "mensa", 1500), **fields)


def arm(name: str) -> None:
    with in_schema("public"):
        answer = Client(headers={"host": settings.NODE_HOST}).post(f"/guasti/{name}/")
    assert answer.status_code == 302


def test_a_notice_is_told_paid_at_the_counter_and_paid_here(home: Family) -> None:
    held = notice(home)
    assert tell_waiting(now=NOW) == 1
    option = held.options.get()
    assert there(option, "myp").amount_cents == 1500
    receipt_id = pay(option)
    assert poll_all(now=NOW) == 1
    assert DebtPosition.objects.get(pk=held.pk).state == PositionState.PAID
    assert Receipt.objects.get().receipt_id == receipt_id
    assert LedgerAccount.objects.get(child=home.children[0]).balance_cents == 0
    assert poll_all(now=NOW) == 0


def test_another_sum_is_told_and_annulled_is_gone(home: Family) -> None:
    held = notice(home)
    tell_waiting(now=NOW)
    line = held.lines.get()
    adjust_amount(position=held, amounts={line.pk: Money(900)}, reason="errore", actor=None, now=NOW)
    tell_waiting(now=NOW)
    assert there(held.options.get(), "myp").amount_cents == 900
    invalidate_position(position=held, reason="errore", actor=None, now=NOW)
    tell_waiting(now=NOW)
    assert there(held.options.get(), "myp") is None


def test_an_annulment_whose_answer_was_lost_is_done_once(home: Family) -> None:
    """MyPay has no such due any more: that is what was wanted, and no refusal."""
    held = notice(home)
    tell_waiting(now=NOW)
    invalidate_position(position=held, reason="errore", actor=None, now=NOW)
    arm("call_lost")
    assert tell_waiting(now=NOW) == 0
    assert there(held.options.get(), "myp") is None
    assert tell_waiting(now=NOW + timedelta(hours=1)) == 1
    copy = GatewayCopy.objects.get()
    assert (copy.standing, copy.refusal_code) == (Standing.ANNULLED, "")


def test_what_expires_cannot_be_paid_there_and_comes_back(home: Family) -> None:
    held = notice(home)
    tell_waiting(now=NOW)
    assert follow_expiry() == 0
    late = NOW + timedelta(days=70)
    follow_calendar(now=late)
    assert follow_expiry() == 1
    assert tell_waiting(now=late) == 1
    assert there(held.options.get(), "myp") is None
    assert follow_expiry() == 0
    days = {"due_on": late.date() + timedelta(days=5), "last_day": late.date() + timedelta(days=9)}
    postpone_position(position=held, reason="proroga", actor=None, now=late, **days)
    tell_waiting(now=late)
    assert there(held.options.get(), "myp").amount_cents == 1500


def test_a_due_paid_meanwhile_waits_for_its_receipt(home: Family) -> None:
    held = notice(home)
    tell_waiting(now=NOW)
    pay(held.options.get())
    adjust_amount(position=held, amounts={held.lines.get().pk: Money(900)}, reason="x", actor=None, now=NOW)
    tell_waiting(now=NOW)
    assert GatewayCopy.objects.get().refusal_code == ""
    assert GatewayCopy.objects.get().not_before is not None
    poll_all(now=NOW)
    assert DebtPosition.objects.get(pk=held.pk).state == PositionState.PAID


def test_the_words_of_a_refusal_are_those_of_the_first(home: Family) -> None:
    """The second question, to change what was never taken, says only that nothing is there."""
    notice(home)
    arm("call_refused")
    tell_waiting(now=NOW)
    copy = GatewayCopy.objects.get()
    assert copy.refusal_code == "pagopa_refused"
    assert copy.refusal_words.startswith("PAA_SEMANTICA")
    assert NOT_THERE not in copy.refusal_words


@pytest.mark.parametrize("adapter", ["mypay", "gpd"])
@pytest.mark.parametrize("fault", ["call_lost", "call_broken", "call_busy"])
def test_what_goes_wrong_once_is_made_good(bari: Municipality, wire: Wire, adapter: str, fault: str) -> None:
    held = notice(place(adapter, bari))
    arm(fault)
    assert tell_waiting(now=NOW) == 0
    product = "myp" if adapter == "mypay" else "gpd"
    assert (there(held.options.get(), product) is not None) == (fault == "call_lost")
    assert tell_waiting(now=NOW + timedelta(hours=1)) == 1
    assert there(held.options.get(), product).amount_cents == 1500
    assert GatewayCopy.objects.get().standing == Standing.PUBLISHED


def test_a_refusal_of_gpd_waits_for_a_person(bari: Municipality, wire: Wire) -> None:
    held = notice(place("gpd", bari))
    arm("call_refused")
    tell_waiting(now=NOW)
    assert GatewayCopy.objects.get().refusal_code == "pagopa_refused"
    assert there(held.options.get()) is None
