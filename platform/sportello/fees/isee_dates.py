"""From when and until when an ISEE counts, as the Comune decided: five settings, kept apart. Pure.

Every Comune has its own: from the day or the month of filing, from the next month, with a cut-off day, with windows
that count from a day of their own; until the INPS validity, the end of the school year, or a day of the year after.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from services_catalog.fee_table import IseePolicy
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear


@dataclass(frozen=True, slots=True)
class Filing:
    """The dates of an ISEE: which of them counts is a decision of the Comune, so all are kept."""

    filed_on: date
    protocol_on: date | None = None
    dsu_on: date | None = None
    issued_on: date | None = None


def counts_from(policy: IseePolicy, filing: Filing, valid: DateRange) -> date:
    """The first day on which the ISEE counts; the one of its validity unless the Comune says another."""
    day = _day_that_counts(policy, filing)
    for window in policy.windows:
        if window.first <= _month_day(day) <= window.last:
            return _in_year(day.year, window.starts)
    match policy.effective:
        case "same_day":
            return day
        case "month_of_filing" if policy.cut_off_day is None or day.day <= policy.cut_off_day:
            return day.replace(day=1)
        case "month_of_filing" | "next_month":
            return _first_of_next_month(day)
        case _:
            return valid.start


def counts_until(policy: IseePolicy, filing: Filing, valid: DateRange) -> date | None:
    """The day after the last on which it counts; None without end. An ISEE lapses on 31 December unless kept."""
    match policy.kept_until:
        case "end_of_school_year":
            return SchoolYear.of(max(counts_from(policy, filing, valid), valid.start)).period.end
        case "year_after_issue":
            issued = filing.issued_on or filing.dsu_on or filing.filed_on
            return _in_year(issued.year + 1, policy.kept_until_day) + timedelta(days=1)
        case _:
            return valid.end


def counted_period(policy: IseePolicy, filing: Filing, valid: DateRange) -> DateRange | None:
    """The days on which the ISEE counts; None when it never does."""
    if not is_accepted(policy, filing):
        return None
    start, end = counts_from(policy, filing, valid), counts_until(policy, filing, valid)
    return None if end is not None and end <= start else DateRange(start, end)


def is_accepted(policy: IseePolicy, filing: Filing) -> bool:
    """Whether it was filed in time and issued in the year the Comune asks for."""
    day = _day_that_counts(policy, filing)
    year = SchoolYear.of(day)
    if policy.filed_by is not None and day > _within_year(year, policy.filed_by):
        return False
    return not (policy.issued_in_year_of_start and (filing.issued_on or day).year != year.start_year)


def recalculated_from(policy: IseePolicy, counts: date, charged_until: date) -> date:
    """From which day charges already issued are corrected, by credit or debit lines: none unless retroactive."""
    return counts if policy.retroactive else max(counts, charged_until)


def _day_that_counts(policy: IseePolicy, filing: Filing) -> date:
    days = {"filing": filing.filed_on, "protocol": filing.protocol_on, "dsu": filing.dsu_on}
    return days[policy.counts_by] or filing.filed_on


def _month_day(day: date) -> str:
    return f"{day:%m-%d}"


def _in_year(year: int, month_day: str) -> date:
    """The day of a year; 29 February is the 28th where there is none."""
    month, day = (int(part) for part in month_day.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month + 1, 1) - timedelta(days=1)


def _within_year(year: SchoolYear, month_day: str) -> date:
    """The day of the school year with that month and day."""
    first = _in_year(year.start_year, month_day)
    return first if first >= year.period.start else _in_year(year.start_year + 1, month_day)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
