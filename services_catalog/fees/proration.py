"""What a price is of, how often it falls due, and how much of it for a part of the time."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from services_catalog.fees.circumstance import When
from services_catalog.fees.roots import Code, Count, IseeRow, Percent, Rule, check_not_negative, check_percent
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

type Counted = Literal[
    "meals",
    "blocks",
    "months",
    "weeks",
    "days_present",
    "days_absent",
    "days_absent_in_a_row",
    "days_sick",
    "days_of_service",
    "entry_day",
    "months_before_withdrawal",
]
"""What the register of a service counts; ``entry_day`` is the day of the month on which the child began."""


class PerMeal(Rule, frozen=True, kw_only=True, tag="meal", tag_field="kind"):
    """The price is of one meal served; ``lot`` meals are sold together, ``at_least`` so many at a time."""

    lot: Annotated[int, msgspec.Meta(ge=1, le=400)] = 1
    at_least: Count = 0


class PerDay(Rule, frozen=True, kw_only=True, tag="day", tag_field="kind"):
    """The price is of one day of presence."""


class PerBlock(Rule, frozen=True, kw_only=True, tag="block", tag_field="kind"):
    """The price is of a prepaid block of meals: a stock, not a period."""

    meals: Annotated[int, msgspec.Meta(ge=1, le=400)]


class PerMonth(Rule, frozen=True, kw_only=True, tag="month", tag_field="kind"):
    """The price is of one calendar month."""


class PerYear(Rule, frozen=True, kw_only=True, tag="year", tag_field="kind"):
    """The price is of the whole school year."""


class PerPeriod(Rule, frozen=True, kw_only=True, tag="period", tag_field="kind"):
    """The price is of a period the act names (a term, the summer), of so many months."""

    months: Annotated[int, msgspec.Meta(ge=1, le=12)]


type Unit = PerMeal | PerDay | PerBlock | PerMonth | PerYear | PerPeriod


class Parts(Rule, frozen=True, kw_only=True, tag="parts", tag_field="kind"):
    """So many parts of ``of`` as the register counts (a ninth a month), never less than ``at_least_percent``."""

    counted: Counted
    of: Annotated[int, msgspec.Meta(ge=1, le=400)]
    at_least_percent: Percent = Decimal(0)
    when: When = When()

    def __post_init__(self) -> None:
        check_percent(self.at_least_percent)


class CountRow(Rule, frozen=True, kw_only=True):
    """From so many to so many, both included: so much per cent less."""

    count_from: Count = 0
    count_to: Count | None = None
    discount_percent: Percent

    def __post_init__(self) -> None:
        check_percent(self.discount_percent)
        if self.count_to is not None and self.count_to < self.count_from:
            raise ValueError(gettext_noop("un limite «_to» è più piccolo del suo «_from»"))


class CountSteps(Rule, frozen=True, kw_only=True, tag="count_steps", tag_field="kind"):
    """A percentage less by what the register counts: settling in, few presences, sickness, entry in mid month."""

    counted: Counted
    rows: Annotated[tuple[CountRow, ...], msgspec.Meta(min_length=1)]
    when: When = When()


class AbsenceShare(Rule, frozen=True, kw_only=True, tag="absence_share", tag_field="kind"):
    """The share of the days missed, out of the days of service, is not due; the first ``spared_days`` still are."""

    counted: Literal["days_absent", "days_absent_in_a_row", "days_sick"] = "days_absent"
    spared_days: Count = 0
    when: When = When()


class EachTime(Rule, frozen=True, kw_only=True, tag="each_time", tag_field="kind"):
    """A fixed amount less for each one counted beyond the first ``spared`` (so much per day of sickness)."""

    counted: Counted
    amount: Money
    spared: Count = 0
    when: When = When()

    def __post_init__(self) -> None:
        check_not_negative(self.amount)


class NotDue(Rule, frozen=True, kw_only=True, tag="not_due", tag_field="kind"):
    """Nothing is due in some months of the year (1 to 12), or from so many counted on."""

    months: tuple[Annotated[int, msgspec.Meta(ge=1, le=12)], ...] = ()
    counted: Counted | None = None
    count_from: Count = 0
    when: When = When()

    def __post_init__(self) -> None:
        if bool(self.months) == (self.counted is not None):
            raise ValueError(gettext_noop("scrivi «months» oppure «counted», uno solo dei due"))


type Proration = Parts | CountSteps | AbsenceShare | EachTime | NotDue


class FreeRow(IseeRow, frozen=True, kw_only=True):
    """So many units free in an ISEE band."""

    free_units: Count


class FreeUnits(Rule, frozen=True, kw_only=True):
    """A credit of free units by ISEE band, taken off the bills; none for who files no ISEE."""

    rows: Annotated[tuple[FreeRow, ...], msgspec.Meta(min_length=1)]
    when: When = When()


class Instalment(Rule, frozen=True, kw_only=True):
    """A part of what is due, by a day; the last takes what rounding leaves."""

    code: Code
    due_on: date
    share_percent: Percent

    def __post_init__(self) -> None:
        check_percent(self.share_percent)
