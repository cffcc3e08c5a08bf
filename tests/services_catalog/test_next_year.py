"""Days of one school year become the like days of the next; what was only moved says so."""

from datetime import date

import pytest

from services_catalog.next_year import next_years_content
from services_catalog.regional_calendar import NO_REGION, RegionalCalendar, RegionalYear
from services_catalog.schema import EditionContent
from services_catalog.shifting_days import easter, hangs_on_easter, next_closed_days, same_date, same_weekday
from sportello.kernel.school_year import SchoolYear
from tests.factories.editions import SHEET, edition_content

YEAR = SchoolYear(2026)
CHRISTMAS = {"first_day": "2026-12-23", "last_day": "2027-01-06", "reason": {"it": "Natale"}}
EASTER = {"first_day": "2027-03-25", "last_day": "2027-03-30", "reason": {"it": "Pasqua"}}
REGION = RegionalCalendar(
    region="Puglia",
    years=(
        RegionalYear(
            school_year="2027/28",
            confidence="sourced",
            first_day=date(2027, 10, 1),
            last_day=date(2028, 6, 9),
            last_day_of={"infanzia": date(2028, 5, 31)},
        ),
    ),
)


def moved(content: EditionContent, region: RegionalCalendar = NO_REGION) -> EditionContent:
    return next_years_content(content, YEAR, region)


def suppositions(content: EditionContent) -> str:
    return "; ".join(content.assumptions)


@pytest.mark.parametrize(
    ("day", "like"),
    [
        (date(2026, 9, 28), date(2027, 9, 27)),  # a Monday stays one
        (date(2027, 6, 4), date(2028, 6, 2)),  # a Friday too, over a 29 February
        (date(2026, 9, 1), date(2027, 9, 1)),  # the first of a month stays the first
        (date(2027, 6, 30), date(2028, 6, 30)),  # and the last the last
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 29)),
        (date(2028, 2, 28), date(2029, 2, 26)),
    ],
)
def test_a_day_keeps_its_weekday_unless_it_bounds_a_month(day: date, like: date) -> None:
    assert same_weekday(day) == like


def test_a_date_without_a_year_after_is_the_day_before() -> None:
    assert same_date(date(2028, 2, 29)) == date(2029, 2, 28)
    assert same_date(date(2026, 12, 23)) == date(2027, 12, 23)


def test_closed_days_of_easter_and_carnival_hang_on_easter_the_others_on_their_date() -> None:
    assert (easter(2027), easter(2028)) == (date(2027, 3, 28), date(2028, 4, 16))
    assert next_closed_days(date(2027, 3, 25), date(2027, 3, 30)) == (date(2028, 4, 13), date(2028, 4, 18))
    assert hangs_on_easter(date(2027, 2, 9), date(2027, 2, 9))  # Shrove Tuesday
    assert next_closed_days(date(2027, 2, 8), date(2027, 2, 9)) == (date(2028, 2, 28), date(2028, 2, 29))
    assert next_closed_days(date(2026, 12, 23), date(2027, 1, 6)) == (date(2027, 12, 23), date(2028, 1, 6))
    assert not hangs_on_easter(date(2026, 4, 24), date(2026, 4, 26))


def test_windows_and_spans_move_and_everything_else_stays() -> None:
    window = {"code": "first", "label": {"it": "Domande 2026/27"}, "opens": "2026-12-14", "closes": "2027-01-15"}
    before = edition_content(windows=[window])
    after = moved(before)
    first = after.windows[0]
    assert (first.opens, first.closes) == (date(2027, 12, 13), date(2028, 1, 14))
    assert str(first.label) == "Domande 2027/28"
    assert {(span.first_day, span.last_day) for span in after.calendar.spans} == {(date(2027, 9, 27), date(2028, 6, 2))}
    assert after.fees == before.fees
    assert (after.audience, after.questions, after.procedure) == (before.audience, before.questions, before.procedure)


def test_what_was_only_moved_stands_in_the_assumptions_once() -> None:
    calendar = {
        "spans": [
            {"level": level, "first_day": "2026-09-28", "last_day": "2027-06-04"} for level in ("infanzia", "primaria")
        ],
        "closed": [CHRISTMAS, EASTER],
    }
    before = edition_content(calendar=calendar, assumptions=["il primo figlio è il maggiore"])
    after = moved(before)
    said = suppositions(after)
    for words in (
        "tariffe, riduzioni e regole sono quelle dell'anno prima, in attesa dell'atto",
        "le finestre di iscrizione sono quelle dell'anno prima",
        "calendario regionale non ancora noto",
        "seguono la Pasqua del nuovo anno",
        "gli altri giorni chiusi hanno la stessa data",
        "il primo figlio è il maggiore",
    ):
        assert words in said
    assert "date da confermare" in after.calendar.assumption
    again = next_years_content(after, YEAR.next, NO_REGION)
    assert again.assumptions == after.assumptions


def test_the_service_stays_within_the_lessons_of_the_region_where_they_are_known() -> None:
    after = moved(edition_content(), REGION)
    by_level = {span.level: (span.first_day, span.last_day) for span in after.calendar.spans}
    assert by_level["infanzia"] == (date(2027, 10, 1), date(2028, 5, 31))
    assert by_level["primaria"] == (date(2027, 10, 1), date(2028, 6, 2))
    assert "stanno nel calendario regionale del nuovo anno" in suppositions(after)


def test_a_service_that_began_with_the_lessons_begins_with_them_again() -> None:
    now = RegionalYear(school_year="2026/27", confidence="partial", first_day=date(2026, 9, 28))
    then = RegionalYear(school_year="2027/28", confidence="partial", first_day=date(2027, 9, 13))
    after = moved(edition_content(), RegionalCalendar(region="Puglia", years=(now, then)))
    assert {span.first_day for span in after.calendar.spans} == {date(2027, 9, 13)}


def test_the_sheet_names_the_new_year_and_an_old_one_left_in_it_is_told() -> None:
    sheet = {**SHEET, "conditions": "Vale per il 2026/27 (2026/2027).", "timing": "Entro giugno 2026"}
    after = moved(edition_content(sheet={"it": sheet}))
    assert after.sheet.it.conditions == "Vale per il 2027/28 (2027/2028)."
    assert "i testi della scheda nominano ancora un anno passato" in suppositions(after)
    assert "scheda" not in suppositions(moved(edition_content()))


def test_instalments_fall_due_a_year_later() -> None:
    fees = {
        "unit": {"kind": "year"},
        "base": {"kind": "single_price", "amount": "100.00"},
        "instalments": [
            {"code": "one", "due_on": "2026-09-30", "share_percent": 50},
            {"code": "two", "due_on": "2027-02-28", "share_percent": 50},
        ],
    }
    after = moved(edition_content(fees=fees))
    assert [one.due_on for one in after.fees.instalments] == [date(2027, 9, 30), date(2028, 2, 28)]
    assert "le scadenze delle rate" in suppositions(after)
