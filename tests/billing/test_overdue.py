"""Who is in arrears since when: grace days, payments that cover the oldest, what is owed by the whole household."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.billing.arrears import unpaid_periods
from sportello.billing.models import EntryKind
from sportello.billing.overdue import Movement, overdue_periods
from sportello.billing.posting import EntryLine, post_entries
from sportello.families.models import Child
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.factories import child, family

FIRST = date(2026, 9, 1)
MOVEMENTS = st.lists(st.tuples(st.integers(0, 60), st.integers(-500, 500)), max_size=6)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def movements(*facts: tuple[int, int]) -> list[Movement]:
    return [Movement(day(number), cents) for number, cents in facts]


def periods(*accounts: list[Movement], above: int = 0, until: int = 300) -> list[DateRange]:
    return overdue_periods(dict(enumerate(accounts)), after_days=10, above_cents=above, today=day(until))


def test_a_charge_is_overdue_the_day_after_its_days_of_grace_and_a_payment_ends_it() -> None:
    assert periods(movements((0, -500))) == [DateRange(day(11))]
    assert periods(movements((0, -500), (20, 500))) == [DateRange(day(11), day(20))]
    assert periods(movements((0, -500), (9, 500))) == []
    assert periods(movements((0, -500)), until=10) == [], "what is not due yet is nobody's fault"


def test_payments_cover_the_oldest_charges_and_a_new_charge_has_its_own_days() -> None:
    assert periods(movements((0, -500), (5, 500), (30, -300))) == [DateRange(day(41))]


def test_the_sum_counts_and_a_credit_of_one_account_pays_no_other() -> None:
    assert periods(movements((0, -500)), movements((0, -400)), above=800) == [DateRange(day(11))]
    assert periods(movements((0, -500)), movements((0, -300)), above=800) == []
    assert periods(movements((0, -500)), movements((0, 900))) == [DateRange(day(11))]


@given(st.lists(MOVEMENTS, max_size=3), st.integers(0, 600))
def test_the_periods_are_the_days_on_which_too_much_is_overdue(
    accounts: list[list[tuple[int, int]]], above: int
) -> None:
    found = periods(*(movements(*facts) for facts in accounts), above=above, until=80)
    for number in range(81):
        owed = 0
        for facts in accounts:
            due = sum(cents for on, cents in facts if cents < 0 and on + 11 <= number)
            paid = sum(cents for on, cents in facts if cents >= 0 and on <= number)
            owed += max(0, -(due + paid))
        assert any(day(number) in period for period in found) == (owed > above), number


def post(minor: Child, cents: int, on: date, *, service: str = "mensa", posted: date | None = None) -> None:
    moment = datetime.combine(posted or on, datetime.min.time(), UTC)
    kind = EntryKind.CHARGE if cents < 0 else EntryKind.PAYMENT
    key = f"{minor.pk}:{service}:{cents}:{on}"
    post_entries(lines=[EntryLine(minor.pk, service, kind, Money(cents), on, "Prova", key)], now=moment, actor=None)


def asked(*children: Child, above: int = 0) -> dict[int, list[DateRange]]:
    keys = [minor.pk for minor in children]
    return unpaid_periods(keys, after_days=10, above=Money(above), today=day(300))


def test_the_accounts_of_the_whole_household_count(bari: Municipality) -> None:
    home, alone = family(children=2), child()
    one, two = home.children
    post(one, -500, day(0))
    post(two, -200, day(3), service="nido")
    assert asked(two, alone) == {two.pk: [DateRange(day(11))]}
    assert asked(two, above=600) == {two.pk: [DateRange(day(14))]}
    post(one, 500, day(30))
    assert asked(one, above=200) == {one.pk: [DateRange(day(11), day(30))]}, "the nido is still owed, and no more"


def test_nobody_is_late_with_what_was_told_later(bari: Municipality) -> None:
    minor = child()
    post(minor, -500, day(0), posted=day(100))
    assert asked(minor) == {minor.pk: [DateRange(day(111))]}


@pytest.mark.parametrize("size", [1, 3])
def test_asking_costs_the_same_for_one_and_three(bari: Municipality, django_assert_num_queries: Any, size: int) -> None:
    children = [family().children[0] for _number in range(size)]
    for minor in children:
        post(minor, -500, day(0))
    with django_assert_num_queries(2):
        assert len(asked(*children)) == size
