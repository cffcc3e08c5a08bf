"""From a receipt to the ledger: every cent has a place, once, whatever comes and however often."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from sportello.billing.debts.dues import dues_of
from sportello.billing.debts.models import DebtPosition, OptionState, PaymentOption, PositionState, Purpose, Quote
from sportello.billing.debts.opening import Collected
from sportello.billing.debts.pieces import Piece
from sportello.billing.debts.states import change_state
from sportello.billing.models import Entry, EntryKind
from sportello.billing.receipts.models import AsideReason, Attribution, Receipt, ReceiptState
from sportello.billing.receipts.settlement import Claim, Why, settle_claim
from sportello.billing.receipts.settling import settle, settle_waiting
from tenants.models import Municipality
from tests.billing.books import asides, balances, close_the_books, heard
from tests.factories import family
from tests.factories.paying import NOW, charge, instalments, institution, position, receipt

AMOUNTS = st.lists(st.integers(1, 900), min_size=1, max_size=4)


@given(cents=st.integers(0, 4000), lines=AMOUNTS, quoted=AMOUNTS, flags=st.tuples(*[st.booleans()] * 3))
def test_every_cent_has_a_place(
    cents: int, lines: list[int], quoted: list[int], flags: tuple[bool, bool, bool]
) -> None:
    closed, paid, excluded = flags
    claim = Claim(
        pieces=tuple(Piece(number, part) for number, part in enumerate(lines)),
        quoted=tuple(Piece(number, part) for number, part in enumerate(quoted)),
        closed=closed,
        paid=paid,
        excluded=excluded,
    )
    for known in (claim, None):
        found = settle_claim(cents, known)
        assert sum(part.cents for part in found.parts) + found.aside_cents == cents
        assert (found.aside_cents > 0) == (found.why is not None)
        assert found.pays == bool(found.parts)
        if any(flags):
            assert not found.parts


def test_a_quote_counts_for_its_own_sum_alone() -> None:
    claim = Claim(pieces=(Piece(1, 300), Piece(2, 200)), quoted=(Piece(1, 100), Piece(2, 200)))
    assert settle_claim(300, claim).parts == (Piece(1, 100), Piece(2, 200))
    assert settle_claim(301, claim).parts == (Piece(1, 300), Piece(2, 1))


def test_the_words_of_the_rule_are_those_of_the_rows() -> None:
    assert {why.value for why in Why} == set(AsideReason.values)


@pytest.fixture
def owing(bari: Municipality) -> DebtPosition:
    """A position of two children that owe 45.00 and 5.50."""
    institution(bari)
    home = family(children=2)
    one, two = home.children
    charge(one, 4500)
    charge(two, 550)
    return position(home.parent, Collected(one.pk, "mensa", 4500), Collected(two.pk, "mensa", 550))


def test_a_receipt_pays_once(owing: DebtPosition) -> None:
    came = receipt(owing.options.get())
    with heard() as news:
        for _ in range(3):
            settle(receipt_id=came.pk, now=NOW)
    assert [one.pk for one in news] == [came.pk]
    assert balances() == [0, 0]
    entries = Entry.objects.filter(kind=EntryKind.PAYMENT)
    assert [(entry.amount_cents, entry.payer_id) for entry in entries] == [
        (4500, owing.payer_id),
        (550, owing.payer_id),
    ]
    owing.refresh_from_db()
    assert (owing.state, owing.paid_at, owing.options.get().state) == (PositionState.PAID, NOW, OptionState.PAID)
    assert Attribution.objects.count() == 2
    assert asides() == []
    assert [due.owed_cents for due in dues_of([owing.payer_id])] == [0, 0]
    close_the_books()


def test_what_came_too_much_is_kept_aside(owing: DebtPosition) -> None:
    settle(receipt_id=receipt(owing.options.get(), 6000).pk, now=NOW)
    assert (balances(), asides()) == ([0, 0], [("overpaid", 950)])
    close_the_books()


def test_the_second_receipt_of_a_notice_is_kept_aside(owing: DebtPosition) -> None:
    option = owing.options.get()
    first, second = receipt(option), receipt(option)
    for came in (first, second, first):
        settle(receipt_id=came.pk, now=NOW)
    assert (balances(), asides()) == ([0, 0], [("double", 5050)])
    close_the_books()


def test_an_unknown_notice_is_kept_aside(bari: Municipality) -> None:
    came = receipt("303000000000004272", 700)
    settle(receipt_id=came.pk, now=NOW)
    came.refresh_from_db()
    assert (came.state, asides()) == (ReceiptState.KEPT_ASIDE, [("orphan", 700)])
    close_the_books()


def test_money_of_others_alone_is_only_kept_on_record(bari: Municipality) -> None:
    came = receipt("303000000000004272", 700, own_cents=0)
    settle(receipt_id=came.pk, now=NOW)
    assert asides() == []
    close_the_books()


def test_an_annulled_notice_that_is_paid_is_a_task(owing: DebtPosition) -> None:
    change_state(position=owing, after=PositionState.INVALID, actor=1, now=NOW, reason="x")
    settle(receipt_id=receipt(owing.options.get()).pk, now=NOW)
    owing.refresh_from_db()
    assert (owing.state, balances(), asides()) == (PositionState.INVALID, [-4500, -550], [("closed", 5050)])
    close_the_books()


def test_money_for_an_expired_notice_pays_what_is_owed(owing: DebtPosition) -> None:
    change_state(position=owing, after=PositionState.EXPIRED, actor=None, now=NOW)
    settle(receipt_id=receipt(owing.options.get()).pk, now=NOW)
    assert [change.after for change in owing.state_changes.all()] == ["VALID", "EXPIRED", "VALID", "PAID"]
    assert balances() == [0, 0]
    close_the_books()


def test_a_payment_that_failed_pays_nothing(owing: DebtPosition) -> None:
    came = receipt(owing.options.get(), outcome="KO")
    settle(receipt_id=came.pk, now=NOW)
    came.refresh_from_db()
    assert (came.state, balances(), asides()) == (ReceiptState.REFUSED, [-4500, -550], [])
    close_the_books()


def test_instalments_one_by_one_and_then_the_whole(bari: Municipality) -> None:
    institution(bari)
    home = family(children=2)
    one, two = home.children
    charge(one, 300)
    charge(two, 300)
    made = position(
        home.parent, Collected(one.pk, "mensa", 300), Collected(two.pk, "mensa", 300), instalments=instalments(400, 200)
    )
    whole, first, second = made.options.all()
    settle(receipt_id=receipt(second).pk, now=NOW)
    made.refresh_from_db()
    assert (made.state, balances()) == (PositionState.PARTIALLY_PAID, [-300, -100])
    (left, less) = dues_of([home.parent.pk])
    assert (left.asked_cents, less.asked_cents) == (300, 100)
    settle(receipt_id=receipt(whole).pk, now=NOW)
    assert asides() == [("excluded", 600)]
    settle(receipt_id=receipt(first).pk, now=NOW)
    made.refresh_from_db()
    assert (made.state, balances()) == (PositionState.PAID, [0, 0])
    close_the_books()


def test_after_the_whole_an_instalment_is_kept_aside(bari: Municipality) -> None:
    institution(bari)
    home = family()
    made = position(home.parent, Collected(home.children[0].pk, "mensa", 300), instalments=instalments(100, 200))
    whole, first, _second = made.options.all()
    for option in (whole, first):
        settle(receipt_id=receipt(option).pk, now=NOW)
    assert asides() == [("excluded", 100)]
    close_the_books()


def test_a_top_up_becomes_credit(bari: Municipality) -> None:
    institution(bari)
    home = family()
    made = position(home.parent, Collected(home.children[0].pk, "mensa", 2000), purpose=Purpose.TOP_UP)
    settle(receipt_id=receipt(made.options.get()).pk, now=NOW)
    assert balances() == [2000]
    assert [due.owed_cents for due in dues_of([home.parent.pk])] == [-2000]
    close_the_books()


def test_what_was_quoted_is_paid(owing: DebtPosition) -> None:
    option = owing.options.get()
    first, second = owing.lines.all()
    Quote.objects.create(option=option, amount_cents=1050, parts=[[first.pk, 500], [second.pk, 550]], quoted_at=NOW)
    settle(receipt_id=receipt(option, 1050).pk, now=NOW)
    assert balances() == [-4000, 0]
    close_the_books()


def test_the_sweep_settles_and_tells_what_nobody_did(owing: DebtPosition) -> None:
    came = receipt(owing.options.get())
    Receipt.objects.filter(pk=came.pk).update(told_at=None)
    with heard() as news:
        assert [settle_waiting(now=NOW), settle_waiting(now=NOW)] == [1, 0]
    assert len(news) == 1
    came.refresh_from_db()
    Receipt.objects.filter(pk=came.pk).update(told_at=None)
    with heard() as news:
        settle_waiting(now=NOW + timedelta(minutes=1))
    assert [one.pk for one in news] == [came.pk], "settled, the process died before it told: it is told again"
    assert balances() == [0, 0]


def carry_out(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    close_the_books()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE receipts_receipt SET own_cents = own_cents + 1",
        "UPDATE receipts_receipt SET raw = '\\x00'",
        "UPDATE receipts_receipt SET state = 'stored'",
        "DELETE FROM receipts_receipt",
        "UPDATE receipts_attribution SET amount_cents = 1",
        "DELETE FROM receipts_attribution",
        "UPDATE receipts_keptaside SET amount_cents = 1",
        "DELETE FROM receipts_keptaside",
        'INSERT INTO receipts_keptaside (public_id, receipt_id, reason, amount_cents, opened_at, "end", note)'
        " SELECT gen_random_uuid(), id, 'double', 1, arrived_at, '', '' FROM receipts_receipt",
    ],
)
def test_the_database_keeps_the_money(owing: DebtPosition, statement: str) -> None:
    settle(receipt_id=receipt(owing.options.get(), 6000).pk, now=NOW)
    close_the_books()
    with pytest.raises(IntegrityError), transaction.atomic():
        carry_out(statement)


def test_the_same_receipt_id_is_one_receipt(owing: DebtPosition) -> None:
    option: PaymentOption = owing.options.get()
    receipt(option, receipt_id="r")
    with pytest.raises(IntegrityError), transaction.atomic():
        receipt(option, receipt_id="r")
