"""Holidays, patron days, closures, calendars of single schools: whether there is a meal, and why not."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services_catalog.patron_days import InvalidPatronRule, patron_days
from services_catalog.schema import ServiceCalendar
from services_catalog.service_days import (
    ClosedPeriod,
    DayRules,
    NoService,
    day_verdict,
    national_holidays,
    service_days,
)
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from tenants.municipal_packs import municipal_packs
from tests.factories.editions import edition_content

KNOWN = Path(__file__).parent / "known"
BARI = "05-08"


def calendar(**changes: Any) -> ServiceCalendar:
    spans = [{"level": "primaria", "first_day": "2026-09-28", "last_day": "2027-06-04"}]
    spans.append({"level": "infanzia", "first_day": "2026-09-28", "last_day": "2027-06-25"})
    return edition_content(calendar={"spans": spans, **changes}).calendar


def why_not(day: date, *, closures: tuple[ClosedPeriod, ...] = (), school: str = "BAEE000001", **changes: Any) -> str:
    level = changes.pop("level", "primaria")
    rules = DayRules(calendar=calendar(**changes), patron_rule=BARI, closures=closures)
    verdict = day_verdict(rules, school_code=school, level=level, day=day)
    return verdict.why_not.value if verdict.why_not else ""


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 9, 25), "out_of_period"),
        (date(2026, 9, 28), ""),
        (date(2026, 10, 3), "weekday"),
        (date(2026, 12, 8), "national_holiday"),
        (date(2027, 4, 26), ""),
        (date(2027, 6, 4), ""),
        (date(2027, 6, 7), "out_of_period"),
    ],
)
def test_a_day_is_judged_by_the_calendar_of_its_level(day: date, reason: str) -> None:
    assert why_not(day) == reason


def test_preschool_goes_on_when_primary_school_has_ended() -> None:
    assert why_not(date(2027, 6, 7), level="infanzia") == ""
    assert why_not(date(2027, 6, 7), level="secondaria_1") == "out_of_period"


def test_the_patron_of_bari_is_in_may_and_not_the_day_of_the_library() -> None:
    assert date(2026, 12, 6) not in national_holidays(2026)
    saturday: dict[str, Any] = {"weekdays": ["sat"]}
    assert why_not(date(2027, 5, 8), **saturday) == "patron_day"
    assert why_not(date(2027, 5, 8), patron_day_closed=False, **saturday) == ""


def test_saint_francis_is_a_holiday_from_2026() -> None:
    assert date(2026, 10, 4) in national_holidays(2026)
    assert date(2025, 10, 4) not in national_holidays(2025)


def test_a_school_of_its_own_days() -> None:
    own = [{"school": "BAEE000001", "first_day": "2026-09-21", "weekdays": ["mon", "sat"]}]
    assert why_not(date(2026, 9, 21), schools=own) == ""
    assert why_not(date(2026, 9, 26), schools=own) == ""
    assert why_not(date(2026, 9, 29), schools=own) == "weekday"
    assert why_not(date(2026, 9, 21), schools=own, school="BAEE000002") == "out_of_period"


def test_a_closure_concerns_its_school_alone_or_all() -> None:
    days = DateRange.inclusive(date(2026, 11, 2), date(2026, 11, 3))
    one = (ClosedPeriod(days, "ordinance", "Acqua", school_code="BAEE000001"),)
    everybody = (ClosedPeriod(days, "closure", "Ponte"),)
    assert why_not(date(2026, 11, 2), closures=one) == "closure"
    assert why_not(date(2026, 11, 2), closures=one, school="BAEE000002") == ""
    assert why_not(date(2026, 11, 3), closures=everybody, school="BAEE000002") == "closure"
    assert why_not(date(2026, 11, 4), closures=everybody) == ""


def test_a_class_on_a_trip_does_not_close_the_school() -> None:
    trip = ClosedPeriod(DateRange.one_day(date(2026, 11, 10)), "trip", "Gita", school_code="BAEE000001", section_id=7)
    verdicts = [
        day_verdict(
            DayRules(calendar=calendar(), closures=[trip]),
            school_code="BAEE000001",
            level="primaria",
            day=date(2026, 11, 10),
            section_id=section,
        ).why_not
        for section in (7, 8, None)
    ]
    assert verdicts == [NoService.CLOSURE, None, None]


def test_the_closed_days_of_the_edition_carry_their_reason() -> None:
    closed = [{"first_day": "2026-12-23", "last_day": "2027-01-06", "reason": {"it": "Natale"}}]
    verdict = day_verdict(
        DayRules(calendar=calendar(closed=closed)),
        school_code="BAEE000001",
        level="primaria",
        day=date(2026, 12, 23),
    )
    assert (verdict.why_not, verdict.detail, verdict.is_service_day) == (NoService.CALENDAR, "Natale", False)


def test_the_service_days_of_a_month() -> None:
    october = DateRange(date(2026, 10, 1), date(2026, 11, 1))
    days = service_days(DayRules(calendar=calendar()), school_code="X", level="primaria", within=october)
    assert (len(days), days[0], days[-1]) == (22, date(2026, 10, 1), date(2026, 10, 30))


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("05-08", ["2027-05-08"]),
        ("03:1:TUE", ["2027-03-02"]),
        ("08:-1:SUN", ["2027-08-29"]),
        ("09:4:SUN+1", ["2027-09-27"]),
        ("sunday_after:07-16", ["2027-07-18"]),
        ("05-20|03:1:TUE", ["2027-03-02", "2027-05-20"]),
        ("", []),
    ],
)
def test_a_patron_rule_gives_its_days(rule: str, days: list[str]) -> None:
    assert sorted(day.isoformat() for day in patron_days(rule, 2027)) == days


@pytest.mark.parametrize("rule", ["8 maggio", "13-01", "02-30", "03:6:TUE", "03:0:TUE", "03:1:XYZ"])
def test_what_is_not_a_patron_rule_is_refused(rule: str) -> None:
    with pytest.raises(InvalidPatronRule):
        patron_days(rule, 2027)


def test_the_rules_of_the_41_comuni_give_the_known_days() -> None:
    expected: dict[tuple[str, str], set[date]] = defaultdict(set)
    with (KNOWN / "patron_days.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            expected[row["belfiore"], row["school_year"]].add(date.fromisoformat(row["date"]))
    for pack in municipal_packs():
        for text in ("2025/2026", "2026/2027"):
            year = SchoolYear.parse(text)
            both = patron_days(pack.facts.patron.rule, year.start_year)
            both |= patron_days(pack.facts.patron.rule, year.start_year + 1)
            assert {day for day in both if day in year} == expected[pack.facts.belfiore_code, text]
