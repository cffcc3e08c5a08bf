"""A price changes on the day a fact changes: an ISEE that lapses, a brother who joins, a new act."""

from datetime import date
from typing import Any

from services_catalog.fee_table import FeeTable, SiblingCounting
from services_catalog.reading import from_builtins
from sportello.fees.timeline import EditionSpan, IseeSpan, Member, NoSchoolLevel, sibling_rank, work_out
from sportello.kernel.dates import DateRange
from tests.factories.editions import BANDS
from tests.factories.numbering import YEAR

WHOLE = YEAR.period
NEW_YEAR = date(2027, 1, 1)
HALF = {"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 50}]}


def span(edition_id: int = 1, period: DateRange = WHOLE, **parts: Any) -> EditionSpan:
    data = {"unit": {"kind": "meal"}, "base": BANDS, "reductions": [HALF], **parts}
    return EditionSpan(edition_id, period, from_builtins(data, FeeTable))


def member(child_id: int = 1, **facts: Any) -> Member:
    values: dict[str, Any] = {
        "household_id": 1,
        "birth_date": date(2018, 1, child_id),
        "uses": (WHOLE,),
        "levels": ((WHOLE, "primaria"),),
    }
    return Member(child_id=child_id, **{**values, **facts})


def isee(cents: int, start: date, end: date, *, current: bool = False) -> IseeSpan:
    return IseeSpan(DateRange(start, end), cents, (current, start, 1))


def prices(*members: Member, editions: list[EditionSpan] | None = None) -> dict[int, list[tuple[str, int]]]:
    outcome = work_out(members, editions or [span()], WHOLE)
    assert outcome.undecided == []
    return {
        child: [(period.start.isoformat(), decided.price.amount.cents) for period, decided in pieces]
        for child, pieces in outcome.decided.items()
    }


def test_an_isee_that_lapses_on_new_year_raises_the_price_from_that_day() -> None:
    lapsing = member(isee=(isee(700000, date(2026, 2, 1), NEW_YEAR),))
    assert prices(lapsing) == {1: [("2026-09-01", 190), ("2027-01-01", 300)]}


def test_a_renewed_isee_of_the_same_band_keeps_the_price_and_notes_the_new_facts() -> None:
    first, second = isee(700000, date(2026, 2, 1), NEW_YEAR), isee(710000, NEW_YEAR, date(2028, 1, 1))
    assert prices(member(isee=(first, second))) == {1: [("2026-09-01", 190), ("2027-01-01", 190)]}


def test_a_current_isee_wins_while_it_lasts() -> None:
    ordinary = isee(1500000, date(2026, 2, 1), NEW_YEAR)
    current = isee(500000, date(2026, 10, 1), date(2026, 12, 1), current=True)
    pieces = prices(member(isee=(ordinary, current)))
    assert pieces == {1: [("2026-09-01", 300), ("2026-10-01", 0), ("2026-12-01", 300), ("2027-01-01", 300)]}


def test_a_brother_who_joins_makes_the_younger_one_second_from_his_first_day() -> None:
    younger = member(2)
    elder = member(1, uses=(DateRange(date(2026, 11, 1), WHOLE.end),))
    assert prices(younger, elder) == {
        2: [("2026-09-01", 300), ("2026-11-01", 150)],
        1: [("2026-11-01", 300)],
    }


def test_a_child_of_another_household_changes_nothing() -> None:
    assert prices(member(1), member(2, household_id=2)) == {1: [("2026-09-01", 300)], 2: [("2026-09-01", 300)]}
    assert prices(member(1, household_id=None), member(2, household_id=None)) == {
        1: [("2026-09-01", 300)],
        2: [("2026-09-01", 300)],
    }


def test_a_new_act_in_mid_year_changes_the_price_from_its_date() -> None:
    before, after = WHOLE.split(NEW_YEAR)
    editions = [span(1, before), span(2, after, base={"kind": "single_price", "amount": "4.00"})]
    assert prices(member(), editions=editions) == {1: [("2026-09-01", 300), ("2027-01-01", 400)]}


def test_a_condition_the_table_does_not_read_leaves_one_piece() -> None:
    held = member(conditions=((DateRange(date(2026, 10, 1), date(2026, 11, 1)), "disability"),))
    assert prices(held) == {1: [("2026-09-01", 300)]}


def test_days_without_a_school_are_named_and_the_others_are_priced() -> None:
    from_october = DateRange(date(2026, 10, 1), WHOLE.end)
    outcome = work_out([member(levels=((from_october, "primaria"),))], [span()], WHOLE)
    assert [period for period, _decided in outcome.decided[1]] == [from_october]
    [missing] = outcome.undecided
    assert (missing.period.start, missing.period.end) == (date(2026, 9, 1), date(2026, 10, 1))
    assert isinstance(missing.reason, NoSchoolLevel)


def test_the_rank_follows_the_order_of_the_edition() -> None:
    elder, younger, unknown = member(1), member(2), member(3, birth_date=None)
    household = [younger, unknown, elder]
    day = date(2026, 11, 23)
    eldest, youngest = SiblingCounting(), SiblingCounting(order="youngest_first")
    assert [sibling_rank(one, household, eldest, day)[0] for one in (elder, younger, unknown)] == [1, 2, 3]
    assert [sibling_rank(one, household, youngest, day)[0] for one in (elder, younger, unknown)] == [2, 1, 3]


def test_the_minors_of_the_household_may_count_though_they_do_not_eat() -> None:
    at_home = member(1, uses=(), birth_date=date(2008, 12, 1))
    eating = member(2)
    counting: dict[str, Any] = {"siblings": {"counted": "minors_of_household"}}
    assert prices(eating, at_home, editions=[span(**counting)])[2] == [("2026-09-01", 150), ("2026-12-01", 300)]
