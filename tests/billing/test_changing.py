"""What the office and the calendar do to an issued notice, and what becomes of money kept aside."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from sportello.audit.models import Action, Event
from sportello.billing.debts.calendar import follow_calendar
from sportello.billing.debts.changing import (
    adjust_amount,
    invalidate_position,
    postpone_position,
    publish_position,
)
from sportello.billing.debts.dues import dues_of
from sportello.billing.debts.errors import (
    ActMissing,
    DatesDisagree,
    NothingToAsk,
    NothingToWriteOff,
    PositionIsSettled,
    ReasonMissing,
    StateNotReachable,
    SumsDisagree,
)
from sportello.billing.debts.models import DebtPosition, PaymentOption, Purpose
from sportello.billing.debts.opening import Collected
from sportello.billing.debts.quoting import due_now
from sportello.billing.debts.sharing import Share, set_cost_shares
from sportello.billing.debts.writing_off import ReliefAct, unasked_of, write_off, write_off_unasked
from sportello.billing.errors import MissingReference, NotAPayment
from sportello.billing.models import Entry, LedgerAccount, PaymentMeans
from sportello.billing.receipts.aside import credit_aside, pass_on_aside, refund_aside
from sportello.billing.receipts.errors import AlreadyEnded, NoteMissing
from sportello.billing.receipts.models import KeptAside
from sportello.billing.receipts.settling import settle
from sportello.billing.recording_payments import record_paid_elsewhere, record_payment
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.billing.books import asides, balances, close_the_books
from tests.factories import adult, child, family
from tests.factories.paying import NOW, TODAY, charge, instalments, institution, position, receipt

DAY = timedelta(days=1)
WHY: dict[str, Any] = {"reason": "Errore di calcolo", "actor": 7, "now": NOW}
PAID: dict[str, Any] = {
    "paid_on": TODAY,
    "reference": "Bolletta 3",
    "means": PaymentMeans.POSTAL_SLIP,
    "actor": 7,
    "now": NOW,
}


@pytest.fixture
def owing(bari: Municipality) -> DebtPosition:
    """45.00 for the canteen of one child, 10.00 for the bus of the other."""
    institution(bari)
    home = family(children=2)
    one, two = home.children
    charge(one, 4500)
    charge(two, 1000, service="trasporto")
    return position(home.parent, Collected(one.pk, "mensa", 4500), Collected(two.pk, "trasporto", 1000))


def history(made: DebtPosition) -> list[str]:
    return [change.after for change in made.state_changes.all()]


def test_a_draft_is_published(bari: Municipality) -> None:
    institution(bari)
    home = family()
    line = Collected(home.children[0].pk, "mensa", 100)
    now = position(home.parent, line, publish=False)
    later = position(home.parent, line, publish=False, valid_from=TODAY + 5 * DAY)
    for made in (now, later):
        publish_position(position=made, actor=7, now=NOW)
    assert (history(now), history(later)) == (["DRAFT", "VALID"], ["DRAFT", "PUBLISHED"])
    now.refresh_from_db()
    assert now.published_at == NOW
    with pytest.raises(StateNotReachable):
        publish_position(position=now, actor=7, now=NOW)
    close_the_books()


def test_an_annulled_notice_frees_its_sums(owing: DebtPosition) -> None:
    with pytest.raises(ReasonMissing):
        invalidate_position(position=owing, reason=" ", actor=7, now=NOW)
    invalidate_position(position=owing, **WHY)
    (change,) = owing.state_changes.filter(after="INVALID")
    assert (change.reason, change.changed_by) == ("Errore di calcolo", 7)
    assert [due.to_ask_cents for due in dues_of([owing.payer_id])] == [4500, 1000]
    with pytest.raises(PositionIsSettled):
        invalidate_position(position=owing, **WHY)
    close_the_books()


def test_an_expired_notice_may_be_annulled_or_postponed(owing: DebtPosition) -> None:
    after = NOW + timedelta(days=61)
    assert follow_calendar(now=after) == (0, 1)
    with pytest.raises(DatesDisagree):
        postpone_position(position=owing, due_on=TODAY, last_day=TODAY, reason="x", actor=7, now=after)
    later = TODAY + 90 * DAY
    postpone_position(position=owing, due_on=later, last_day=later, reason="x", actor=7, now=after)
    assert history(owing) == ["VALID", "EXPIRED", "VALID"]
    assert follow_calendar(now=after) == (0, 0)
    assert follow_calendar(now=NOW + timedelta(days=91)) == (0, 1)
    invalidate_position(position=owing, **WHY)
    assert history(owing)[-1] == "INVALID"
    close_the_books()


def test_another_sum_under_the_same_number(owing: DebtPosition) -> None:
    number = owing.options.get().notice_number
    first, second = owing.lines.all()
    adjust_amount(position=owing, amounts={first.pk: Money(4000)}, **WHY)
    option = owing.options.get()
    assert (option.notice_number, option.amount_cents) == (number, 5000)
    assert [transfer.amount_cents for transfer in option.transfers.all()] == [4000, 1000]
    adjust_amount(position=owing, amounts={second.pk: Money(0)}, **WHY)
    option = owing.options.get()
    assert [transfer.amount_cents for transfer in option.transfers.all()] == [4000]
    assert f"/{option.iuv}/40.00/" in option.transfers.get().remittance
    assert [
        event.details["after"] for event in Event.objects.filter(action=Action.POSITION_CHANGED).order_by("pk")
    ] == [
        5000,
        4000,
    ]
    with pytest.raises(NothingToAsk):
        adjust_amount(position=owing, amounts={first.pk: Money(0)}, **WHY)
    close_the_books()


def test_a_plan_is_not_adjusted_and_what_is_paid_neither(owing: DebtPosition) -> None:
    minor = child()
    plan = position(adult(), Collected(minor.pk, "mensa", 300), instalments=instalments(100, 200))
    with pytest.raises(SumsDisagree):
        adjust_amount(position=plan, amounts={}, **WHY)
    settle(receipt_id=receipt(owing.options.get()).pk, now=NOW)
    for change in (adjust_amount, postpone_position, invalidate_position):
        fields: dict[str, Any] = {"position": owing, **WHY}
        if change is adjust_amount:
            fields["amounts"] = {}
        if change is postpone_position:
            fields |= {"due_on": TODAY, "last_day": TODAY}
        with pytest.raises(PositionIsSettled):
            change(**fields)


def test_a_notice_paid_at_the_desk_is_closed(owing: DebtPosition) -> None:
    with pytest.raises(MissingReference):
        record_paid_elsewhere(position=owing, **PAID | {"reference": " "})
    with pytest.raises(NotAPayment):
        record_paid_elsewhere(position=owing, **PAID | {"paid_on": TODAY + DAY})
    assert record_paid_elsewhere(position=owing, **PAID) == Money(5500)
    assert balances() == [0, 0]
    with pytest.raises(PositionIsSettled):
        record_paid_elsewhere(position=owing, **PAID)
    settle(receipt_id=receipt(owing.options.get()).pk, now=NOW)
    assert (balances(), asides()) == ([0, 0], [("closed", 5500)])
    close_the_books()


def test_the_rest_of_a_plan_is_paid_at_the_desk(bari: Municipality) -> None:
    institution(bari)
    home = family()
    minor = home.children[0]
    charge(minor, 600)
    plan = position(home.parent, Collected(minor.pk, "mensa", 600), instalments=instalments(100, 200, 300))
    settle(receipt_id=receipt(plan.options.get(number=1)).pk, now=NOW)
    assert record_paid_elsewhere(position=plan, **PAID) == Money(500)
    assert balances() == [0]
    settle(receipt_id=receipt(plan.options.get(number=2)).pk, now=NOW)
    assert asides() == [("closed", 200)]
    close_the_books()


def pay(minor: Any, cents: int, *, service: str = "mensa", **fields: Any) -> None:
    """The office writes down a payment on an account."""
    assert record_payment(child=minor, service_code=service, amount=Money(cents), token=uuid4(), **PAID, **fields)


def state_of(made: DebtPosition) -> tuple[str, list[int]]:
    made.refresh_from_db()
    return made.state, [option.amount_cents for option in made.options.order_by("number")]


def test_what_is_paid_on_an_account_is_asked_no_more(owing: DebtPosition) -> None:
    """Who pays at the treasury pays nothing again: the notice asks for the rest, and closes when nothing is left."""
    first, second = (line.account.child for line in owing.lines.select_related("account__child"))
    number = owing.options.get().notice_number
    pay(first, 1500)
    assert state_of(owing) == ("VALID", [4000])
    pay(first, 3000)
    assert [line.amount_cents for line in owing.lines.all()] == [1000]
    pay(second, 1000, service="trasporto")
    assert (state_of(owing), history(owing)) == (("PAID", [1000]), ["VALID", "PAID"])
    settle(receipt_id=receipt(PaymentOption.objects.get(notice_number=number)).pk, now=NOW)
    assert (balances(), asides()) == ([0, 0], [("closed", 1000)])
    assert {entry.means for entry in Entry.objects.filter(kind="payment")} == {"postal"}
    close_the_books()


def test_the_oldest_notice_is_covered_first(bari: Municipality) -> None:
    institution(bari)
    home = family()
    minor = home.children[0]
    charge(minor, 1000)
    old = position(home.parent, Collected(minor.pk, "mensa", 600))
    new = position(home.parent, Collected(minor.pk, "mensa", 400), publish=False)
    top_up = position(home.parent, Collected(minor.pk, "mensa", 700), purpose=Purpose.TOP_UP)
    pay(minor, 700)
    assert (state_of(old), state_of(new)) == (("PAID", [600]), ("DRAFT", [300]))
    pay(minor, 2000)
    assert (state_of(new), history(new)) == (("PAID", [300]), ["DRAFT", "VALID", "PAID"])
    assert state_of(top_up) == ("VALID", [700]), "a top-up asks for nothing that is owed"
    close_the_books()


def test_a_payment_covers_the_instalments_in_their_order(bari: Municipality) -> None:
    institution(bari)
    home = family()
    minor = home.children[0]
    charge(minor, 600)
    plan = position(home.parent, Collected(minor.pk, "mensa", 600), instalments=instalments(100, 200, 300))
    pay(minor, 60)
    assert state_of(plan)[0] == "VALID"
    pay(minor, 60)
    options = list(plan.options.order_by("number"))
    assert [one.state for one in options] == ["PO_UNPAID", "PO_PAID", "PO_UNPAID", "PO_UNPAID"]
    assert state_of(plan)[0] == "PARTIALLY_PAID"
    assert [sum(piece.cents for piece in due_now(one.notice_number)) for one in options[2:]] == [200, 280]
    pay(minor, 480)
    assert (state_of(plan)[0], balances()) == ("PAID", [0])
    close_the_books()


def test_who_paid_has_her_own_notice_lessened(bari: Municipality) -> None:
    """Of parents who divide the costs each payment lessens the notice of who made it, one of nobody both."""
    institution(bari)
    home, father = family(), adult()
    minor = home.children[0]
    halves = [Share(home.parent, 5000), Share(father, 5000)]
    set_cost_shares(child=minor, during=DateRange(date(2026, 9, 1)), shares=halves, source="-", actor=None, now=NOW)
    charge(minor, 1000)
    hers, his = (position(one, Collected(minor.pk, "mensa", 500)) for one in (home.parent, father))
    pay(minor, 200, payer=father)
    assert (state_of(hers), state_of(his)) == (("VALID", [500]), ("VALID", [300]))
    pay(minor, 100)
    assert (state_of(hers), state_of(his)) == (("VALID", [450]), ("VALID", [250]))
    close_the_books()


ACT = ReliefAct("12", TODAY, "Famiglia seguita dai servizi sociali")


def relieve(made: DebtPosition) -> Money:
    return write_off(position=made, act=ACT, actor=7, now=NOW)


def test_a_debt_is_given_up_by_an_act(owing: DebtPosition) -> None:
    for wrong, error in (("number", ActMissing), ("reason", ReasonMissing)):
        with pytest.raises(error):
            write_off(position=owing, act=replace(ACT, **{wrong: " "}), actor=7, now=NOW)  # type: ignore[arg-type]
    with pytest.raises(ActMissing):
        write_off(position=owing, act=replace(ACT, on=TODAY + DAY), actor=7, now=NOW)
    assert relieve(owing) == Money(5500)
    assert (balances(), history(owing)) == ([0, 0], ["VALID", "INVALID"])
    told = Entry.objects.filter(kind="correction").order_by("pk")
    assert [(one.amount_cents, one.corrects.amount_cents if one.corrects else 0) for one in told] == [
        (4500, -4500),
        (1000, -1000),
    ]
    assert "atto n. 12 del 23/11/2026: Famiglia seguita" in told[0].description
    assert Event.objects.get(action=Action.DEBT_WRITTEN_OFF).details["cents"] == 5500
    with pytest.raises(PositionIsSettled):
        relieve(owing)
    settle(receipt_id=receipt(owing.options.get()).pk, now=NOW)
    assert asides() == [("closed", 5500)]
    close_the_books()


def test_what_no_notice_asks_for_is_given_up_too(bari: Municipality) -> None:
    """The notice keeps what it asks, the oldest; sent twice nothing more falls; what nobody bears falls as well."""
    institution(bari)
    home = family()
    minor = home.children[0]
    for month, cents in ((9, 700), (10, 500), (11, 300)):
        charge(minor, cents, on=date(2026, month, 20))
    made = position(home.parent, Collected(minor.pk, "mensa", 900))
    token = uuid4()

    def give_up() -> Money:
        return write_off_unasked(child=minor, service_code="mensa", act=ACT, token=token, actor=7, now=NOW)

    assert [due.to_ask_cents for due in unasked_of(minor, "mensa")] == [600]
    with pytest.raises(ActMissing):
        write_off_unasked(
            child=minor, service_code="mensa", act=replace(ACT, number=" "), token=token, actor=7, now=NOW
        )
    assert give_up() == Money(600)
    told = Entry.objects.filter(kind="correction").order_by("corrects__competence_on")
    assert [(one.amount_cents, one.corrects.amount_cents) for one in told if one.corrects] == [(300, -500), (300, -300)]
    with pytest.raises(NothingToWriteOff):
        give_up()
    assert sum(piece.cents for piece in due_now(made.options.get().notice_number)) == 900
    assert Event.objects.get(action=Action.DEBT_WRITTEN_OFF).details["cents"] == 600
    close_the_books()


def test_of_divided_costs_each_part_is_given_up(bari: Municipality) -> None:
    institution(bari)
    home = family()
    minor = home.children[0]
    other = family().parent
    charge(minor, 1001)
    set_cost_shares(
        child=minor,
        during=DateRange(date(2026, 1, 1), None),
        shares=[Share(home.parent, 5000), Share(other, 5000)],
        source="x",
        actor=1,
        now=NOW,
    )
    assert sorted(due.to_ask_cents for due in unasked_of(minor, "mensa")) == [500, 501]
    write_off_unasked(child=minor, service_code="mensa", act=ACT, token=uuid4(), actor=7, now=NOW)
    assert balances() == [0]


def test_what_is_given_up_is_never_more_than_is_owed(bari: Municipality) -> None:
    """The oldest charge was paid, a part of the newest is in another notice: corrections name what is left."""
    institution(bari)
    home = family()
    minor = home.children[0]
    for month, cents in ((9, 700), (10, 500), (11, 300)):
        charge(minor, cents, on=date(2026, month, 20))
    pay(minor, 900)
    made = position(home.parent, Collected(minor.pk, "mensa", 400))
    assert relieve(made) == Money(400)
    told = Entry.objects.filter(kind="correction").order_by("pk")
    assert [(one.amount_cents, one.corrects.amount_cents if one.corrects else 0) for one in told] == [
        (300, -500),
        (100, -300),
    ]
    assert balances() == [-200]
    odd = position(home.parent, Collected(minor.pk, "mensa", 200))
    pay(minor, 200)
    with pytest.raises(PositionIsSettled):
        relieve(odd)
    with pytest.raises(NothingToWriteOff):
        relieve(position(home.parent, Collected(minor.pk, "mensa", 200)))
    close_the_books()


def test_the_rest_of_a_plan_is_given_up(bari: Municipality) -> None:
    institution(bari)
    home = family()
    minor = home.children[0]
    charge(minor, 600)
    plan = position(home.parent, Collected(minor.pk, "mensa", 600), instalments=instalments(100, 200, 300))
    settle(receipt_id=receipt(plan.options.get(number=1)).pk, now=NOW)
    assert relieve(plan) == Money(500)
    assert (state_of(plan)[0], balances()) == ("PAID", [0])
    close_the_books()


def test_the_calendar_opens_and_expires(bari: Municipality) -> None:
    institution(bari)
    home = family()
    line = Collected(home.children[0].pk, "mensa", 100)
    waiting = position(home.parent, line, valid_from=TODAY + 3 * DAY)
    plan = position(home.parent, line, instalments=instalments(40, 60))
    patient = position(home.parent, line)
    DebtPosition.objects.filter(pk=patient.pk).update(switch_to_expired=False)
    assert follow_calendar(now=NOW) == (0, 0)
    assert follow_calendar(now=NOW + 3 * DAY) == (1, 0)
    assert history(waiting) == ["PUBLISHED", "VALID"]
    assert follow_calendar(now=NOW + 60 * DAY) == (0, 0), "the last day is included"
    assert follow_calendar(now=NOW + 66 * DAY) == (0, 2)
    assert [history(one)[-1] for one in (waiting, plan, patient)] == ["EXPIRED", "EXPIRED", "VALID"]
    assert follow_calendar(now=NOW + 66 * DAY) == (0, 0)
    close_the_books()


@pytest.fixture
def aside(bari: Municipality) -> KeptAside:
    """7.00 that came for a notice nobody knows."""
    settle(receipt_id=receipt("303000000000004272", 700).pk, now=NOW)
    return KeptAside.objects.get()


def test_money_kept_aside_ends_once(aside: KeptAside) -> None:
    with pytest.raises(NoteMissing):
        refund_aside(aside=aside, note=" ", actor=7, now=NOW)
    refund_aside(aside=aside, note="Mandato 12", actor=7, now=NOW)
    for again in (refund_aside, pass_on_aside):
        with pytest.raises(AlreadyEnded):
            again(aside=aside, note="x", actor=7, now=NOW)
    aside.refresh_from_db()
    assert (aside.end, aside.note, aside.ended_by, aside.amount_cents) == ("refunded", "Mandato 12", 7, 700)
    assert Event.objects.filter(action=Action.ASIDE_ENDED).count() == 1
    close_the_books()


def test_money_kept_aside_becomes_the_credit_of_a_family(aside: KeptAside) -> None:
    home = family()
    credit: dict[str, Any] = {
        "aside": aside,
        "child": home.children[0],
        "service_code": "mensa",
        "payer": home.parent,
        "note": "Avviso sbagliato",
        "actor": 7,
        "now": NOW,
    }
    credit_aside(**credit)
    with pytest.raises(AlreadyEnded):
        credit_aside(**credit)
    aside.refresh_from_db()
    assert aside.entry is not None
    assert (aside.entry.amount_cents, aside.entry.payer_id) == (700, home.parent.pk)
    assert LedgerAccount.objects.get().balance_cents == 700
    assert aside.entry.competence_on == date(2026, 11, 23)
    close_the_books()


def test_money_kept_aside_is_passed_on(aside: KeptAside) -> None:
    pass_on_aside(aside=aside, note="Al Comune di Modugno", actor=7, now=NOW)
    assert KeptAside.objects.get().end == "passed_on"
    close_the_books()
