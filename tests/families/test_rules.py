"""Who may be delegated and for how long, where a delegation stands, what a court's order cuts: pure decisions."""

from datetime import date

import pytest

from sportello.families.errors import (
    AlreadyGuardian,
    DelegateBarred,
    DelegateTooYoung,
    OneselfDelegated,
    OtherPersonsCode,
    PeriodInThePast,
    PeriodTooFar,
    PeriodTooLong,
    ProvisionalCode,
)
from sportello.families.rules import (
    Circle,
    Delegate,
    DelegationState,
    Stretch,
    check_delegate,
    check_period,
    cut_by_order,
    delegation_state,
    last_day_by_default,
)
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.fiscal_code import FiscalCode

TODAY = date(2026, 11, 23)
MONTH = DateRange(TODAY, date(2026, 12, 23))


def code(born: date = date(1955, 3, 8), last_name: str = "Loiacono") -> FiscalCode:
    return FiscalCode.compute(last_name=last_name, first_name="Rosa", sex="F", birth_date=born, birthplace_code="A662")


MOTHER, FATHER, BARRED = (code(last_name=name).value for name in ("Santoro", "Vitale", "Escluso"))
CIRCLE = Circle(grantor=MOTHER, guardians={MOTHER, FATHER}, barred={BARRED})


def delegate_with(value: FiscalCode, *, given_name: str = "Rosa", family_name: str = "Loiacono") -> Delegate:
    return Delegate(value, given_name, family_name)


def test_a_grandmother_may_be_delegated() -> None:
    check_delegate(delegate_with(code()), CIRCLE, first_day=TODAY, today=TODAY)


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (delegate_with(FiscalCode.parse("12345678903")), ProvisionalCode),
        (delegate_with(FiscalCode.parse(MOTHER)), OneselfDelegated),
        (delegate_with(FiscalCode.parse(FATHER)), AlreadyGuardian),
        (delegate_with(FiscalCode.parse(BARRED)), DelegateBarred),
        (delegate_with(code(), given_name="Anna"), OtherPersonsCode),
        (delegate_with(code(), family_name="Santoro"), OtherPersonsCode),
        (delegate_with(code(date(2008, 11, 24))), DelegateTooYoung),
    ],
)
def test_who_may_not_and_why(person: Delegate, reason: type[DomainError]) -> None:
    with pytest.raises(reason):
        check_delegate(person, CIRCLE, first_day=TODAY, today=TODAY)


def test_her_age_is_that_of_the_first_day() -> None:
    birthday = delegate_with(code(date(2008, 11, 23)))
    check_delegate(birthday, CIRCLE, first_day=TODAY, today=TODAY)
    tomorrow = delegate_with(code(date(2008, 11, 24)))
    check_delegate(tomorrow, CIRCLE, first_day=date(2026, 11, 24), today=TODAY)


@pytest.mark.parametrize(
    ("period", "reason"),
    [
        (DateRange(date(2026, 11, 22), date(2026, 12, 1)), PeriodInThePast),
        (DateRange(date(2027, 11, 24), date(2027, 12, 1)), PeriodTooFar),
        (DateRange(TODAY, date(2027, 11, 24)), PeriodTooLong),
        (DateRange(TODAY), PeriodTooLong),
    ],
)
def test_days_that_a_delegation_may_not_have(period: DateRange, reason: type[DomainError]) -> None:
    with pytest.raises(reason):
        check_period(period, today=TODAY)


def test_a_year_to_the_day_is_the_longest() -> None:
    check_period(DateRange(TODAY, date(2027, 11, 23)), today=TODAY)
    check_period(DateRange(date(2027, 11, 23), date(2028, 11, 23)), today=TODAY)
    leap_day = date(2028, 2, 29)
    check_period(DateRange(leap_day, date(2029, 3, 1)), today=leap_day)


def test_the_form_proposes_the_end_of_the_school_year() -> None:
    assert last_day_by_default(TODAY) == date(2027, 8, 31)


@pytest.mark.parametrize(
    ("day", "end_reason", "counts", "state"),
    [
        (date(2026, 11, 22), "", True, DelegationState.SCHEDULED),
        (TODAY, "", True, DelegationState.IN_FORCE),
        (TODAY, "", False, DelegationState.SUSPENDED),
        (date(2026, 12, 22), "", True, DelegationState.IN_FORCE),
        (date(2026, 12, 23), "", True, DelegationState.CLOSED),
        (TODAY, "revoked", True, DelegationState.REVOKED),
        (TODAY, "renounced", False, DelegationState.RENOUNCED),
    ],
)
def test_where_a_delegation_stands(day: date, end_reason: str, counts: bool, state: DelegationState) -> None:
    assert delegation_state(MONTH, end_reason=end_reason, counts=counts, today=day) == state


FREE = Stretch(DateRange(date(2026, 1, 1), date(2027, 1, 1)), barred=False)


def test_an_order_with_an_end_leaves_three_pieces() -> None:
    order = DateRange(date(2026, 3, 1), date(2026, 6, 1))
    assert cut_by_order(FREE, order, barred=True) == [
        Stretch(DateRange(date(2026, 1, 1), date(2026, 3, 1)), barred=False),
        Stretch(order, barred=True),
        Stretch(DateRange(date(2026, 6, 1), date(2027, 1, 1)), barred=False),
    ]


def test_an_order_without_end_reaches_the_end_of_the_guardianship() -> None:
    assert cut_by_order(FREE, DateRange(date(2026, 3, 1)), barred=True) == [
        Stretch(DateRange(date(2026, 1, 1), date(2026, 3, 1)), barred=False),
        Stretch(DateRange(date(2026, 3, 1), date(2027, 1, 1)), barred=True),
    ]


def test_an_order_over_all_its_days_leaves_one_piece() -> None:
    assert cut_by_order(FREE, DateRange(date(2025, 1, 1)), barred=True) == [Stretch(FREE.period, barred=True)]


def test_an_order_of_other_days_or_that_says_the_same_changes_nothing() -> None:
    assert cut_by_order(FREE, DateRange(date(2027, 1, 1)), barred=True) == [FREE]
    assert cut_by_order(FREE, DateRange(date(2026, 3, 1)), barred=False) == [FREE]
