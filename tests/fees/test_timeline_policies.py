"""What a Comune decides about ISEE dates and the first child moves prices over time."""

from dataclasses import replace
from datetime import date
from typing import Any

from sportello.fees.isee_dates import Filing
from sportello.fees.timeline import IseeSpan, work_out
from tests.fees.test_timeline import HALF, NEW_YEAR, WHOLE, isee, member, prices, span


def filed(cents: int, start: date, end: date, on: date) -> IseeSpan:
    return replace(isee(cents, start, end), filing=Filing(filed_on=on))


def under(policy: dict[str, Any], *spans: IseeSpan) -> list[tuple[str, int]]:
    return prices(member(isee=spans), editions=[span(isee=policy)])[1]


def test_a_cut_off_day_moves_the_price_to_this_month_or_the_next() -> None:
    policy = {"effective": "month_of_filing", "cut_off_day": 15}
    for day, start in ((15, "2026-11-01"), (16, "2026-12-01")):
        on = date(2026, 11, day)
        assert under(policy, filed(700000, on, NEW_YEAR, on)) == [
            ("2026-09-01", 300),
            (start, 190),
            ("2027-01-01", 300),
        ]


def test_an_isee_kept_to_the_end_of_the_school_year_survives_new_year() -> None:
    held = filed(700000, date(2026, 2, 1), NEW_YEAR, date(2026, 9, 10))
    policy = {"effective": "same_day", "kept_until": "end_of_school_year"}
    assert under(policy, held) == [("2026-09-01", 300), ("2026-09-10", 190)]


def test_the_last_isee_known_stays_where_the_comune_keeps_it() -> None:
    held = filed(700000, date(2026, 2, 1), NEW_YEAR, date(2026, 9, 10))
    assert under({"missing": "last_known"}, held) == [("2026-09-01", 190)]
    assert under({}, held) == [("2026-09-01", 190), ("2027-01-01", 300)]


def test_the_first_child_may_be_the_one_who_pays_most() -> None:
    poor = isee(700000, date(2026, 2, 1), NEW_YEAR)
    elder, younger = member(1, isee=(poor,)), member(2)
    edition = span(siblings={"order": "dearest_first"}, reductions=[HALF])
    found = prices(elder, younger, editions=[edition])
    assert found == {1: [("2026-09-01", 95), ("2027-01-01", 300)], 2: [("2026-09-01", 300), ("2027-01-01", 150)]}
    assert prices(younger, elder, editions=[edition]) == {2: found[2], 1: found[1]}


def test_a_hole_that_hides_what_a_brother_pays_leaves_both_undecided() -> None:
    hole = {
        "kind": "flat_bands",
        "bands": [{"isee_to": "6000.00", "amount": "1.00"}, {"isee_from": "8000", "amount": "2"}],
    }
    inside = isee(700000, date(2026, 2, 1), WHOLE.end or NEW_YEAR)
    edition = span(base=hole, siblings={"order": "dearest_first"})
    outcome = work_out([member(1, isee=(inside,)), member(2)], [edition], WHOLE)
    assert {one.child_id for one in outcome.undecided} == {1, 2}


def test_the_minors_of_a_household_are_counted_where_the_table_asks() -> None:
    three = {"kind": "discount", "when": {"minors_from": 3}, "discount_percent": 10}
    children = [member(number) for number in (1, 2, 3)]
    found = prices(*children, editions=[span(reductions=[three])])
    assert {child: pieces[0][1] for child, pieces in found.items()} == {1: 270, 2: 270, 3: 270}
