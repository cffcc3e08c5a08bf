"""Prices over 1 September, from facts alone: brothers and sisters on one side, the ISEE on the other."""

from datetime import date
from typing import Any

import pytest

from services_catalog.fee_table import FeeTable, IseePolicy
from services_catalog.reading import from_builtins
from sportello.fees.isee_dates import Filing
from sportello.fees.rehearsing import IseeLapse, Passage, SiblingChange, last_counted_day, work_out_passage
from sportello.fees.timeline import IseeSpan, Member
from sportello.kernel.dates import DateRange
from tests.factories.editions import BANDS

THIS = DateRange(date(2026, 9, 1), date(2027, 9, 1))
NEXT = DateRange(date(2027, 9, 1), date(2028, 9, 1))
TODAY = date(2026, 11, 23)
HALF_FROM_SECOND = {"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 50}]}


def table(**parts: Any) -> FeeTable:
    return from_builtins({"unit": {"kind": "meal"}, "base": BANDS, "reductions": [HALF_FROM_SECOND], **parts}, FeeTable)


def passage(before: FeeTable, after: FeeTable | None = None) -> Passage:
    return Passage(before, after or before, starts_on=NEXT.start, today=TODAY)


def child(number: int, *uses: DateRange, isee: int | None = None, **fields: Any) -> Member:
    span = IseeSpan(DateRange(date(2026, 2, 1), date(2027, 1, 1)), isee or 0, (), Filing(date(2026, 2, 1)))
    values = {
        "household_id": 1,
        "birth_date": date(2015 + number, 1, 1),
        "levels": ((DateRange(THIS.start), "primaria"),),
    }
    return Member(number, uses=uses, isee=() if isee is None else (span,), **{**values, **fields})


def test_only_who_stays_and_pays_another_price_is_told() -> None:
    leaving, staying, alone = child(1, THIS), child(2, THIS, NEXT), child(3, THIS, NEXT, household_id=2)
    found = work_out_passage([leaving, staying, alone], passage(table()))
    assert found.siblings == [SiblingChange(2, rank_before=2, rank_after=1, before_cents=150, after_cents=300)]


def test_a_rank_that_moves_no_price_is_not_told() -> None:
    free = {"kind": "single_price", "amount": "0.00"}
    assert work_out_passage([child(1, THIS), child(2, THIS, NEXT)], passage(table(base=free))).siblings == []
    assert work_out_passage([child(1, THIS), child(2, THIS, NEXT)], passage(table(reductions=[]))).siblings == []


def test_the_isee_of_today_is_held_so_that_its_lapse_is_not_taken_for_a_brother() -> None:
    found = work_out_passage([child(1, THIS), child(2, THIS, NEXT, isee=850_000)], passage(table()))
    assert found.siblings == [SiblingChange(2, 2, 1, before_cents=95, after_cents=190)]
    assert found.lapses == [IseeLapse(2, date(2026, 12, 31), with_cents=190, without_cents=300)]


def test_an_isee_without_which_there_is_no_price() -> None:
    strict = table(isee={"missing": "refused"})
    (lapse,) = work_out_passage([child(1, THIS, NEXT, isee=850_000)], passage(strict)).lapses
    assert lapse.without_cents is None


def test_where_the_comune_keeps_the_last_known_nothing_lapses() -> None:
    kept = table(isee={"missing": "last_known"})
    assert work_out_passage([child(1, THIS, NEXT, isee=850_000)], passage(kept)).lapses == []


def test_who_leaves_has_no_isee_to_renew() -> None:
    assert work_out_passage([child(1, THIS, isee=850_000)], passage(table())).lapses == []


def test_a_child_whom_the_table_cannot_price_is_left_to_the_decision() -> None:
    costs = {
        "kind": "cost_share",
        "unit_costs": [{"level": "infanzia", "unit_cost": "4.67"}],
        "bands": [{"isee_to": "500.00", "share_percent": 10}, {"isee_from": "500.01", "share_percent": 100}],
    }
    found = work_out_passage([child(1, THIS), child(2, THIS, NEXT, isee=40_000)], passage(table(base=costs)))
    assert (found.siblings, found.lapses) == ([], [])


def span(first: date, end: date | None) -> IseeSpan:
    return IseeSpan(DateRange(first, end), 0, ())


@pytest.mark.parametrize(
    ("spans", "last"),
    [
        ([], None),
        ([span(date(2026, 2, 1), date(2027, 1, 1))], date(2026, 12, 31)),
        ([span(date(2026, 2, 1), date(2027, 1, 1)), span(date(2027, 1, 1), date(2028, 1, 1))], date(2027, 12, 31)),
        ([span(date(2026, 2, 1), date(2027, 1, 1)), span(date(2027, 2, 1), date(2028, 1, 1))], date(2026, 12, 31)),
        ([span(date(2025, 2, 1), date(2026, 1, 1))], None),
        ([span(date(2026, 2, 1), None)], None),
    ],
)
def test_the_last_day_on_which_some_isee_counts(spans: list[IseeSpan], last: date | None) -> None:
    assert last_counted_day(spans, IseePolicy(), TODAY) == last
