"""The school calendar of the Region: first and last day of lessons and closed days, as data with source and confidence.

A year that is missing, or still to be confirmed, closes nothing: what nobody has read is not guessed.
"""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from services_catalog.fee_table import Level
from services_catalog.schema import ClosedDays
from sportello.kernel.school_year import SchoolYear

FILE: Final = Path(__file__).with_name("regional_calendars.toml")
LEVELS: Final = frozenset({"infanzia", "primaria", "secondaria_1", "secondaria_2"})
"""The levels of the school system (d.lgs. 297/1994, art. 74): a nido follows the calendar of its service."""


class RegionalYear(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A school year as the Region decided it; ``confidence`` says how much of it was read in a source."""

    school_year: Annotated[str, msgspec.Meta(pattern=r"^\d{4}/\d{2}$")]
    confidence: Literal["sourced", "partial", "to_confirm"]
    first_day: date | None = None
    last_day: date | None = None
    last_day_of: dict[Level, date] = {}
    lesson_days: int | None = None
    lesson_days_of: dict[Level, int] = {}
    closed: tuple[ClosedDays, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = ()

    @property
    def is_confirmed(self) -> bool:
        """Whether all of it was read in a source."""
        return self.confidence == "sourced"

    def last_day_for(self, level: str) -> date | None:
        """The last day of lessons at a level; None where it is not known."""
        return next((day for named, day in self.last_day_of.items() if named == level), self.last_day)

    def is_lesson_time(self, level: str, day: date) -> bool:
        """Whether the day lies between the first and the last day of lessons, as far as they are known."""
        last = self.last_day_for(level)
        return (self.first_day is None or self.first_day <= day) and (last is None or day <= last)

    def closed_on(self, day: date) -> ClosedDays | None:
        """The closed days of the Region that hold the day."""
        return next((closed for closed in self.closed if closed.first_day <= day <= closed.last_day), None)


class RegionalCalendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The years of a Region."""

    region: str
    years: tuple[RegionalYear, ...] = ()

    def year_of(self, day: date) -> RegionalYear | None:
        """The school year that holds the day; None for one of which nothing is written."""
        wanted = str(SchoolYear.of(day))
        return next((year for year in self.years if year.school_year == wanted), None)


NO_REGION: Final = RegionalCalendar(region="")


@lru_cache(maxsize=1)
def regional_calendar() -> RegionalCalendar:
    """The calendar of the Region of the 41 Comuni."""
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), RegionalCalendar)
