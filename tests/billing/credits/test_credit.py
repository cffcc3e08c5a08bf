"""Credit changes place and nothing else: no cent is made, lost, or moved by who may not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from sportello.audit.models import Action, Event
from sportello.billing.credits.alerting import set_credit_alert, tell_low_credit
from sportello.billing.credits.errors import (
    AlreadyAsked,
    NotEnoughCredit,
    NothingToMove,
    NotYours,
    OtherService,
    RequestEnded,
    SameAccount,
    WordMissing,
)
from sportello.billing.credits.iban import InvalidIban, read_iban
from sportello.billing.credits.models import CreditAlert, RefundState
from sportello.billing.credits.moving import move_credit
from sportello.billing.credits.refunding import ask_refund, pay_refund, refuse_refund
from sportello.billing.debts.dues import dues_of_accounts
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.billing.verification import ledger_differences
from sportello.families.models import Act, Child
from sportello.kernel.money import Money
from sportello.notifications.models import Notice
from tests.factories import adult, citizen, delegation, family, guardianship
from tests.factories.numbering import next_number
from tests.factories.paying import IBAN, NOW, TODAY, charge
from tests.factories.people import Family


@pytest.fixture
def home(bari: object) -> Family:
    """Two children; the first has 20,00 of credit at the canteen, the second owes 5,00."""
    made = family(children=2)
    paid(made.children[0], 2000, made.parent.pk)
    charge(made.children[1], 500)
    return made


def paid(minor: Child, cents: int, payer: int, service: str = "mensa") -> None:
    kind = EntryKind.PAYMENT
    line = EntryLine(minor.pk, service, kind, Money(cents), TODAY, "Prova", f"paid:{next_number()}", payer_id=payer)
    post_entries(lines=[line], now=NOW, actor=None)


def ledger(minor: Child, service: str = "mensa") -> LedgerAccount:
    return LedgerAccount.objects.get(child=minor, service_code=service)


def balances(home: Family) -> list[int]:
    return [ledger(minor).balance_cents for minor in home.children]


def move(home: Family, cents: int, **fields: Any) -> bool:
    values = {
        "source": ledger(home.children[0]).pk,
        "target": ledger(home.children[1]).pk,
        "amount": Money(cents),
        "token": uuid4(),
        "person": home.account,
        "now": NOW,
    }
    return move_credit(**{**values, **fields})


def test_credit_moves_to_a_sibling_to_the_cent_and_once(home: Family) -> None:
    token = uuid4()
    assert [move(home, 700, token=token), move(home, 700, token=token)] == [True, False]
    assert balances(home) == [1300, 200]
    moved = Entry.objects.filter(kind=EntryKind.TRANSFER)
    assert sorted(entry.amount_cents for entry in moved) == [-700, 700]
    assert ledger_differences() == []
    assert Event.objects.filter(action=Action.CREDIT_MOVED).count() == 1
    dues = dues_of_accounts(LedgerAccount.objects.values_list("pk", flat=True))
    assert {due.payer_id for due in dues} == {home.parent.pk}
    assert sorted(due.owed_cents for due in dues) == [-1300, -200]


@pytest.mark.parametrize(("cents", "error"), [(0, NothingToMove), (-5, NothingToMove), (2001, NotEnoughCredit)])
def test_no_more_is_moved_than_there_is(home: Family, cents: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        move(home, cents)
    assert balances(home) == [2000, -500]


def test_credit_stays_in_the_family_and_in_the_service(home: Family) -> None:
    stranger = family()
    charge(stranger.children[0], 100)
    charge(home.children[1], 100, service="trasporto")
    own = ledger(home.children[0]).pk
    with pytest.raises(NotYours):
        move(home, 100, target=ledger(stranger.children[0]).pk)
    with pytest.raises(NotYours):
        move(home, 100, person=stranger.account)
    with pytest.raises(SameAccount):
        move(home, 100, target=own)
    with pytest.raises(OtherService):
        move(home, 100, target=ledger(home.children[1], "trasporto").pk)
    assert balances(home) == [2000, -500]


def test_neither_a_delegate_nor_who_is_barred_moves_anything(home: Family) -> None:
    holder, barred = adult(), adult()
    for minor in home.children:
        delegation(minor, home.parent, holder, Act.PAY)
        guardianship(barred, minor, barred=True)
    for person in (holder, barred):
        with pytest.raises(NotYours):
            move(home, 100, person=citizen(person))


def told(home: Family) -> int:
    return Notice.objects.filter(account=home.account, topic="credit").count()


def test_low_credit_is_told_once_for_each_crossing(home: Family) -> None:
    one = home.children[0]
    set_credit_alert(ledger=ledger(one), person=home.account, threshold=Money(1000), now=NOW)
    assert tell_low_credit(now=NOW) == 0
    charge(one, 1500)
    assert [tell_low_credit(now=NOW), tell_low_credit(now=NOW + timedelta(days=1))] == [1, 0]
    assert told(home) == 1
    paid(one, 3000, home.parent.pk)
    assert tell_low_credit(now=NOW) == 0
    charge(one, 3000)
    assert tell_low_credit(now=NOW) == 1
    assert told(home) == 2
    notice = Notice.objects.filter(topic="credit")[0]
    assert one.given_name not in notice.subject + notice.body


def test_an_alert_is_changed_and_taken_away(home: Family) -> None:
    held = ledger(home.children[0])
    for cents in (1000, 500):
        set_credit_alert(ledger=held, person=home.account, threshold=Money(cents), now=NOW)
    assert CreditAlert.objects.get().threshold_cents == 500
    set_credit_alert(ledger=held, person=home.account, threshold=None, now=NOW)
    assert not CreditAlert.objects.exists()


def test_who_sees_the_child_no_more_is_not_told(home: Family) -> None:
    one, holder = home.children[0], adult()
    given = delegation(one, home.parent, holder, Act.PAY)
    person = citizen(holder)
    set_credit_alert(ledger=ledger(one), person=person, threshold=Money(9000), now=NOW)
    given.valid_during = (TODAY - timedelta(days=9), TODAY - timedelta(days=1))
    given.save()
    assert tell_low_credit(now=NOW) == 0
    assert not Notice.objects.filter(account=person).exists()


def ask(home: Family, **fields: Any) -> Any:
    values = {
        "ledger": ledger(home.children[0]).pk,
        "iban": IBAN,
        "holder": "Prova",
        "person": home.account,
        "now": NOW,
    }
    return ask_refund(**{**values, **fields})


def test_a_refund_leaves_the_account_when_the_office_has_paid(home: Family) -> None:
    asked = ask(home)
    assert (asked.amount_cents, balances(home)) == (2000, [2000, -500])
    with pytest.raises(AlreadyAsked):
        ask(home)
    with pytest.raises(WordMissing):
        pay_refund(request=asked, reference=" ", actor=1, now=NOW)
    ended = pay_refund(request=asked, reference="Mandato 12", actor=1, now=NOW)
    assert (ended.state, balances(home)) == (RefundState.PAID, [0, -500])
    with pytest.raises(RequestEnded):
        pay_refund(request=asked, reference="Mandato 12", actor=1, now=NOW)
    assert ledger_differences() == []


def test_what_was_used_meanwhile_is_not_refunded(home: Family) -> None:
    asked = ask(home)
    charge(home.children[0], 100)
    with pytest.raises(NotEnoughCredit):
        pay_refund(request=asked, reference="Mandato 12", actor=1, now=NOW)
    refuse_refund(request=asked, reason="Credito già usato", actor=1, now=NOW)
    assert balances(home) == [1900, -500]
    assert ask(home).amount_cents == 1900


def test_nobody_asks_for_what_is_not_there(home: Family) -> None:
    with pytest.raises(NotEnoughCredit):
        ask(home, ledger=ledger(home.children[1]).pk)
    with pytest.raises(NotYours):
        ask(home, person=citizen())


@pytest.mark.parametrize("text", ["", "IT00", "IT60X0542811101000000123457", "IT60X05428111010000001234567", "ciao"])
def test_an_iban_proves_itself(text: str) -> None:
    assert read_iban("it60 x054 2811 1010 0000 0123 456") == IBAN
    with pytest.raises(InvalidIban):
        read_iban(text)
