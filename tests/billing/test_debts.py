"""Debt positions: what is asked of whom, in which parts, and what the database refuses."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from integrations.pagopa.numbers import is_valid
from sportello.audit.models import Action, Event
from sportello.billing.debts.dues import Due, dues_of, dues_of_accounts
from sportello.billing.debts.errors import (
    DatesDisagree,
    InstitutionNotReady,
    NamesAChild,
    NothingToAsk,
    PayerWithoutCode,
    SharesNotWhole,
    StateNotReachable,
    SumsDisagree,
    TooManyServices,
)
from sportello.billing.debts.models import CostShare, DebtPosition, PaymentOption, PositionState, Purpose, StateChange
from sportello.billing.debts.opening import Collected, open_positions
from sportello.billing.debts.pieces import Piece, filled, lessened, pieces_of
from sportello.billing.debts.shares import Bearing, bearers_on, split, split_on
from sportello.billing.debts.sharing import Share, set_cost_shares
from sportello.billing.debts.states import TRANSITIONS, change_state, change_states
from sportello.billing.models import EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.families.models import Adult, Child
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.factories import adult, child, family, payer
from tests.factories.paying import NOW, TODAY, charge, instalments, institution, position

SIX = ("mensa", "trasporto", "nido", "infanzia", "prescuola", "doposcuola")
YEAR = DateRange(date(2026, 9, 1), date(2027, 9, 1))
WEIGHTS = st.lists(st.integers(1, 10_000), min_size=1, max_size=4)


@given(cents=st.integers(-(10**9), 10**9), weights=WEIGHTS, turn=st.integers(0, 12))
def test_a_split_loses_no_cent_and_nobody_is_off_by_one(cents: int, weights: list[int], turn: int) -> None:
    parts = split(cents, tuple(enumerate(weights)), turn=turn)
    assert sum(parts.values()) == cents
    for who, weight in enumerate(weights):
        assert abs(parts[who] * sum(weights) - cents * weight) < sum(weights)


def test_the_odd_cent_takes_turns() -> None:
    halves = ((1, 5000), (2, 5000))
    assert [split(-1, halves, turn=month)[1] for month in range(1, 5)] == [0, -1, 0, -1]


def test_who_bears_a_day() -> None:
    shares = [Bearing(1, 7000, YEAR), Bearing(2, 3000, YEAR)]
    payers = [Bearing(3, 1, DateRange(date(2025, 9, 1), date(2026, 9, 1))), Bearing(4, 1, DateRange(date(2027, 9, 1)))]
    assert bearers_on(date(2026, 10, 1), shares, payers) == ((1, 7000), (2, 3000))
    assert [bearers_on(day, [], payers) for day in (date(2025, 1, 1), date(2026, 1, 1), date(2026, 12, 1))] == [
        ((3, 1),)
    ] * 3
    assert bearers_on(date(2028, 1, 1), shares, payers) == ((4, 1),)
    assert split_on(-5, TODAY, [], []) == {None: -5}


@given(lines=st.lists(st.integers(1, 500), min_size=1, max_size=5), cuts=st.sets(st.integers(1, 400), max_size=5))
def test_instalments_cut_the_lines_without_loss(lines: list[int], cuts: set[int]) -> None:
    whole = sum(lines)
    ends = [*sorted(cut for cut in cuts if cut < whole), whole]
    parts = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    held = [Piece(number, cents) for number, cents in enumerate(lines)]
    paid = dict.fromkeys(range(len(lines)), 0)
    for number, part in enumerate(parts, start=1):
        pieces = pieces_of(held, parts, number)
        assert sum(piece.cents for piece in pieces) == part
        for piece in pieces:
            paid[piece.line_id] += piece.cents
    assert list(paid.values()) == lines
    assert pieces_of(held, parts, 0) == tuple(held)
    assert filled(held, whole + 7) == (tuple(held), 7)
    assert lessened(held, {}) == ()


def asked_of(minor: Child, cents: int = 4550, service: str = "mensa") -> Collected:
    return Collected(minor.pk, service, cents)


def test_a_position_has_a_number_transfers_and_a_history(bari: Municipality) -> None:
    ours, home = institution(bari), family(children=2)
    one, two = home.children
    made = position(home.parent, asked_of(one), asked_of(two, 1000), asked_of(two, 9900, "nido"))
    (option,) = made.options.all()
    assert (made.state, option.amount_cents, option.number) == (PositionState.VALID, 15450, 0)
    assert is_valid(option.notice_number)
    assert option.notice_number[3:16] == f"{option.pk:013}"
    assert [(t.number, t.amount_cents, t.category, t.fiscal_code, t.iban) for t in option.transfers.all()] == [
        (1, 5550, "9/0107101TS/", ours.fiscal_code, ours.iban),
        (2, 9900, "9/0107106SP/", ours.fiscal_code, ours.iban),
    ]
    assert option.transfers.all()[0].remittance == f"/RFB/{option.iuv}/55.50/TXT/Servizi scolastici"
    assert [(change.before, change.after) for change in made.state_changes.all()] == [("", "VALID")]
    assert Event.objects.filter(action=Action.POSITION_OPENED).count() == 1
    assert (made.debtor_code, made.debtor_name) == (home.parent.fiscal_code, home.parent.full_name)


def test_the_same_key_opens_one_position(bari: Municipality) -> None:
    institution(bari)
    home = family()
    first = position(home.parent, asked_of(home.children[0]), key="k")
    again = position(home.parent, asked_of(home.children[0], 99), key="k")
    assert (first.pk, DebtPosition.objects.count(), PaymentOption.objects.count()) == (again.pk, 1, 1)


def test_a_plan_may_also_be_paid_at_once(bari: Municipality) -> None:
    institution(bari)
    home = family(children=2)
    one, two = home.children
    made = position(home.parent, asked_of(one, 500), asked_of(two, 700, "nido"), instalments=instalments(600, 600))
    options = list(made.options.all())
    assert [(one.number, one.amount_cents) for one in options] == [(0, 1200), (1, 600), (2, 600)]
    assert [[t.amount_cents for t in one.transfers.all()] for one in options] == [[500, 700], [500, 100], [600]]


def test_a_draft_and_one_that_is_not_valid_yet(bari: Municipality) -> None:
    institution(bari)
    home = family()
    line = asked_of(home.children[0])
    assert position(home.parent, line, publish=False).state == PositionState.DRAFT
    assert position(home.parent, line, valid_from=TODAY + timedelta(days=3)).state == PositionState.PUBLISHED
    assert position(home.parent, line, valid_from=TODAY).state == PositionState.VALID


def test_what_cannot_be_asked(bari: Municipality) -> None:
    home = family()
    minor = home.children[0]
    with pytest.raises(InstitutionNotReady):
        position(home.parent, asked_of(minor))
    institution(bari)
    codeless = adult(fiscal_code=None)
    early = TODAY + timedelta(days=1)
    for error, who, lines, fields in (
        (NothingToAsk, home.parent, [], {}),
        (NothingToAsk, home.parent, [asked_of(minor, 0)], {}),
        (SumsDisagree, home.parent, [asked_of(minor, 100)], {"instalments": instalments(50, 51)}),
        (DatesDisagree, home.parent, [asked_of(minor)], {"last_day": early}),
        (DatesDisagree, home.parent, [asked_of(minor)], {"valid_from": TODAY + timedelta(days=30)}),
        (PayerWithoutCode, codeless, [asked_of(minor)], {}),
        (NamesAChild, home.parent, [asked_of(minor)], {"description": f"Mensa {minor.given_name} {minor.family_name}"}),
        (NamesAChild, home.parent, [asked_of(minor)], {"description": f"Mensa {minor.fiscal_code}"}),
        (
            TooManyServices,
            home.parent,
            [asked_of(minor, 1, code) for code in SIX],
            {},
        ),
    ):  # fmt: skip
        with pytest.raises(error):
            position(who, *lines, **fields)
    assert DebtPosition.objects.count() == 0


def dues(*payers: Adult) -> dict[tuple[int | None, str], tuple[int, int]]:
    return {
        (due.payer_id, due.service_code): (due.owed_cents, due.asked_cents)
        for due in dues_of([one.pk for one in payers])
    }


def pay(minor: Child, cents: int, who: Adult | None, key: str) -> None:
    line = EntryLine(
        minor.pk, "mensa", EntryKind.PAYMENT, Money(cents), TODAY, "x", key, payer_id=None if who is None else who.pk
    )
    post_entries(lines=[line], now=NOW, actor=None)


def test_what_one_payer_owes(bari: Municipality) -> None:
    institution(bari)
    home = family()
    minor = home.children[0]
    charge(minor, 5000)
    pay(minor, 1200, None, "p1")
    assert dues(home.parent) == {(home.parent.pk, "mensa"): (3800, 0)}
    position(home.parent, asked_of(minor, 3000))
    position(home.parent, asked_of(minor, 900), purpose=Purpose.TOP_UP)
    (due,) = dues_of([home.parent.pk])
    assert (due.owed_cents, due.asked_cents, due.to_ask_cents) == (3800, 3000, 800)


def test_separated_parents_owe_their_shares_and_pay_their_own(bari: Municipality) -> None:
    mother, father = adult(), adult()
    minor = child(mother)
    shares = [Share(mother, 7000), Share(father, 3000)]
    set_cost_shares(child=minor, during=YEAR, shares=shares, source="Sentenza 12/2026", actor=None, now=NOW)
    charge(minor, 1000, on=date(2026, 5, 31))
    charge(minor, 1000)
    assert dues(mother, father) == {(mother.pk, "mensa"): (1700, 0), (father.pk, "mensa"): (300, 0)}
    pay(minor, 400, father, "p")
    pay(minor, 1000, None, "q")
    assert dues(mother, father) == {(mother.pk, "mensa"): (1000, 0), (father.pk, "mensa"): (-400, 0)}
    balance = LedgerAccount.objects.get(child=minor).balance_cents
    assert sum(owed for owed, _asked in dues(mother, father).values()) == -balance


def test_shares_are_the_whole_or_nothing(bari: Municipality) -> None:
    mother, father = adult(), adult()
    minor = child(mother)
    both = [Share(mother, 5000), Share(father, 5000)]
    for wrong in ([Share(mother, 5000)], [Share(mother, 5000), Share(mother, 5000)], [Share(mother, 10_001)]):
        with pytest.raises(SharesNotWhole):
            set_cost_shares(child=minor, during=YEAR, shares=wrong, source="x", actor=None, now=NOW)
    set_cost_shares(child=minor, during=YEAR, shares=both, source="x", actor=None, now=NOW)
    winter = DateRange(date(2026, 12, 1), date(2027, 3, 1))
    set_cost_shares(child=minor, during=winter, shares=[Share(father, 10_000)], source="y", actor=None, now=NOW)
    held = [(one.adult_id, one.basis_points, one.valid_during.lower) for one in CostShare.objects.all()]
    assert sorted(held) == sorted(
        [
            (mother.pk, 5000, YEAR.start),
            (father.pk, 5000, YEAR.start),
            (father.pk, 10_000, winter.start),
            (mother.pk, 5000, winter.end),
            (father.pk, 5000, winter.end),
        ]
    )
    CostShare.objects.filter(adult=mother, valid_during__startswith=YEAR.start).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        check_now()


def check_now() -> None:
    """Has the database check what it would at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def carry_out(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    check_now()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE debts_paymentoption SET amount_cents = amount_cents + 1",
        "UPDATE debts_transfer SET amount_cents = amount_cents - 1",
        "DELETE FROM debts_transfer",
        "UPDATE debts_positionline SET amount_cents = amount_cents + 1",
        "DELETE FROM debts_positionline",
        "DELETE FROM debts_paymentoption",
        "DELETE FROM debts_debtposition",
        "UPDATE debts_paymentoption SET notice_number = '303000000000004272'",
        "UPDATE debts_debtposition SET key = 'other'",
        "UPDATE debts_debtposition SET state = 'REPORTED'",
        "UPDATE debts_debtposition SET state = 'EXPIRED'",
        "UPDATE debts_statechange SET reason = 'x'",
        "DELETE FROM debts_statechange",
    ],
)
def test_the_database_refuses(bari: Municipality, statement: str) -> None:
    institution(bari)
    home = family()
    position(home.parent, asked_of(home.children[0]))
    check_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        carry_out(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE debts_debtposition SET description = 'x'",
        "UPDATE debts_paymentoption SET due_on = due_on - 1",
        "UPDATE debts_transfer SET category = 'x'",
        "UPDATE debts_positionline SET month = due FROM (SELECT date '2026-09-01' AS due) d",
    ],
)
def test_what_is_paid_stays(bari: Municipality, statement: str) -> None:
    institution(bari)
    home = family()
    made = position(home.parent, asked_of(home.children[0]))
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("'x'", "'y'"))
    change_state(position=made, after=PositionState.PAID, actor=None, now=NOW)
    check_now()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_table_of_states_is_the_one_of_the_database(bari: Municipality) -> None:
    """Every pair of states is tried on both sides."""
    institution(bari)
    home = family()
    made = position(home.parent, asked_of(home.children[0]))
    for before, after in product(PositionState, PositionState):
        if before == after:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE debts_debtposition SET state = %s", [before.value])
            cursor.execute("SET session_replication_role = origin")
        StateChange.objects.create(position=made, before=before, after=after, changed_at=NOW)
        allowed = True
        try:
            with transaction.atomic():
                DebtPosition.objects.update(state=after)
                check_now()
        except IntegrityError:
            allowed = False
        assert allowed == ((before, after) in TRANSITIONS), (before, after)


def test_no_state_changes_but_by_the_door(bari: Municipality) -> None:
    institution(bari)
    home = family()
    made = position(home.parent, asked_of(home.children[0]))
    with pytest.raises(StateNotReachable):
        change_states(
            positions=[made.pk], before=PositionState.VALID, after=PositionState.REPORTED, actor=None, now=NOW
        )
    change_state(position=made, after=PositionState.EXPIRED, actor=None, now=NOW, reason="x")
    assert [change.after for change in made.state_changes.all()] == ["VALID", "EXPIRED"]


def test_many_are_opened_as_one_is(bari: Municipality, django_assert_max_num_queries: Any) -> None:
    from sportello.billing.debts.asking import Asked

    institution(bari)
    homes = [family() for _ in range(30)]
    asked = [
        Asked(home.parent.pk, Purpose.DUES, "Mensa", (asked_of(home.children[0]),), TODAY, TODAY, f"k{n}")
        for n, home in enumerate(homes)
    ]
    with django_assert_max_num_queries(20):
        assert open_positions(asked=asked, actor=None, now=NOW) == 30
    assert open_positions(asked=[*asked, *asked[:1]], actor=None, now=NOW) == 0
    check_now()


@pytest.mark.parametrize("children", [1, 3])
def test_dues_cost_a_fixed_number_of_queries(bari: Municipality, django_assert_num_queries: Any, children: int) -> None:
    institution(bari)
    home = family(children=children)
    for minor in home.children:
        charge(minor, 100)
    position(home.parent, *(asked_of(minor, 40) for minor in home.children))
    with django_assert_num_queries(5):
        assert [due.to_ask_cents for due in dues_of([home.parent.pk])] == [60] * children


def test_a_cost_without_a_payer_is_nobodys_and_does_not_vanish(bari: Municipality) -> None:
    minor = child()
    charge(minor, 100)
    account = LedgerAccount.objects.get()
    assert dues_of_accounts([account.pk]) == [Due(None, account.pk, minor.pk, "mensa", 100)]
    later = adult()
    payer(later, minor, valid_during=(date(2026, 12, 1), None))
    assert dues(later) == {(later.pk, "mensa"): (100, 0)}
