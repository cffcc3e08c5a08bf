"""A month of school bus: which month, which trip, how much, paid or not."""

from datetime import date
from typing import Final

from onboarding.judging.line import Line
from onboarding.judging.plan import Plan
from onboarding.judging.themes.means import amount_of
from onboarding.judging.words.answers import read_trip, read_yes_no
from onboarding.judging.words.dates import readings
from onboarding.judging.words.months import read_month

SEPTEMBER: Final = 9
TEXT_LENGTH: Final = 120
EARLIEST: Final = 10


def read_ride(line: Line, plan: Plan) -> None:
    """All of the month, each part where the file has it."""
    for field in ("route", "stop"):
        if plan.has(field):
            line.record[field] = line.shortened(field, TEXT_LENGTH) or None
    if plan.has("paid_on"):
        read_day(line, plan, "paid_on")
    if plan.has("month"):
        _read_month(line, plan)
    if plan.has("trip"):
        line.record["trip"] = read_trip(line.texts["trip"])
        if line.record["trip"] is None:
            line.note("trip_unreadable", "trip", line.texts["trip"][:20])
    if plan.has("amount"):
        read_due(line, plan, "amount")
    if plan.has("paid"):
        _read_paid(line, plan)


def read_day(line: Line, plan: Plan, field: str) -> None:
    """A day; empty or all zeros = none. Where two orders of day and month are possible the column's order rules."""
    written, column = line.texts[field], plan.columns[field]
    line.record[field] = None
    if not written.strip("0/-. "):
        return
    found = readings(written, column.date_order, plan.known.today.year)
    if not found or found[0].how == "us_date_order":
        line.note("date_unreadable" if not any(map(str.isdigit, written)) else "impossible_date", field, written[:20])
        return
    line.record[field] = found[0].day.isoformat()
    if found[0].how in {"excel_serial_date", "two_digit_year"}:
        line.note(found[0].how, field)


def read_due(line: Line, plan: Plan, field: str) -> None:
    """An amount that somebody owes or paid: there, readable, not below zero."""
    written = line.texts[field]
    amount = amount_of(line, plan, field)
    line.record[field] = amount.text
    if not written:
        line.note("amount_missing", field)
    elif amount.cents is None:
        whole = plan.columns[field].unit == "thousandths" and written.isascii() and written.isdigit()
        line.note("amount_below_cent" if whole else "amount_unreadable", field, written[:20])
    elif amount.cents < 0:
        line.note("negative_amount", field)
    elif not amount.as_usual:
        line.note("amount_format", field)


def _read_month(line: Line, plan: Plan) -> None:
    month, year = read_month(line.texts["month"])
    line.record["month"] = None
    if month is None:
        missing = not line.texts["month"]
        line.note("month_missing" if missing else "month_unreadable", "month", line.texts["month"][:20])
        return
    if year is None:
        year = _read_year(line, plan, month)
    if year is not None:
        line.record["month"] = f"{year}-{month:02d}"


def _read_year(line: Line, plan: Plan, month: int) -> int | None:
    """The year as written; two digits are completed only when the school year or the payment says the same."""
    begins = plan.mapping.school_year
    expected = (begins if month >= SEPTEMBER else begins + 1) if begins else None
    if not plan.has("year") or not line.texts["year"]:
        if expected is None or plan.has("year"):
            line.note("year_missing", "year")
            return None
        return expected
    written = line.texts["year"]
    if written.isascii() and written.isdigit():
        year, short = int(written), len(written) <= 2
        if short and _confirmed(2000 + year, month, expected, line):
            line.note("year_settled", "year", written)
            return 2000 + year
        if not short and _plausible(year, expected, plan.known.today):
            return year
    line.note("year_wrong", "year", written[:10])
    if expected is not None:
        line.suggest("month", f"{expected}-{month:02d}")
    return None


def _confirmed(year: int, month: int, expected: int | None, line: Line) -> bool:
    paid_on = line.record.get("paid_on")
    paid = isinstance(paid_on, str) and paid_on[:7] == f"{year}-{month:02d}"
    return year == expected if expected is not None else paid


def _plausible(year: int, expected: int | None, today: date) -> bool:
    return year == expected if expected is not None else today.year - EARLIEST <= year <= today.year + 1


def _read_paid(line: Line, plan: Plan) -> None:
    paid = read_yes_no(line.texts["paid"])
    line.record["paid"] = paid
    if paid is None:
        line.note("yes_no_unreadable", "paid", line.texts["paid"][:20])
    elif plan.has("paid_on") and not line.has("impossible_date"):
        if paid and line.record.get("paid_on") is None:
            line.note("paid_without_date", "paid_on")
        elif not paid and line.record.get("paid_on") is not None:
            line.note("date_without_payment", "paid_on")
