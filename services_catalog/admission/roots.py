"""What every rule of enrolment says beside its own words, and ages with the day on which they are counted."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from services_catalog.fees.roots import Code, Rule
from sportello.kernel.errors import gettext_noop

type MonthDay = Annotated[str, msgspec.Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
type ComuneCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]\d{3}$")]
"""The Belfiore code of a Comune."""


class AdmissionRule(Rule, frozen=True, kw_only=True):
    """The root of every rule on who may apply.

    ``otherwise`` says what becomes of a child for whom it does not hold: the application is refused, or the office
    decides. ``windows`` names those in which the rule counts; none named means always. ``source`` is the article.
    """

    code: Code
    source: str = ""
    windows: tuple[Code, ...] = ()
    otherwise: Literal["refused", "office"] = "refused"


class Age(Rule, frozen=True, kw_only=True):
    """Completed years and months."""

    years: Annotated[int, msgspec.Meta(ge=0, le=25)] = 0
    months: Annotated[int, msgspec.Meta(ge=0, le=300)] = 0

    @property
    def total_months(self) -> int:
        """The age in months."""
        return self.years * 12 + self.months


class OnDate(Rule, frozen=True, kw_only=True, tag_field="kind", tag="date"):
    """A day of the calendar."""

    date: date


class OnDayOfYear(Rule, frozen=True, kw_only=True, tag_field="kind", tag="day_of_year"):
    """A day that comes back, in the calendar year in which the school year starts or in the one in which it ends."""

    day: MonthDay
    year: Literal["start", "end"] = "start"

    def __post_init__(self) -> None:
        month, day = map(int, self.day.split("-"))
        try:
            date(2023, month, day)  # in every year: so not 29 February either
        except ValueError:
            raise ValueError(gettext_noop("«day» non è un giorno di ogni anno")) from None


class OnFilingDay(Rule, frozen=True, kw_only=True, tag_field="kind", tag="filing_day"):
    """The day on which the application is sent."""


type Reckoning = OnDate | OnDayOfYear | OnFilingDay
