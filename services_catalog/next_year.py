"""The rules of a service for the next school year: dates moved, fees kept, and a list of what was only supposed. Pure.

Nothing here is a decision: the draft says in its assumptions what the Comune must still confirm or correct.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

import msgspec

from services_catalog.reading import from_builtins, to_builtins
from services_catalog.regional_calendar import LEVELS, RegionalCalendar, RegionalYear
from services_catalog.schema import (
    ClosedDays,
    EditionContent,
    LevelSpan,
    SchoolDays,
    ServiceCalendar,
    Window,
)
from services_catalog.shifting_days import hangs_on_easter, next_closed_days, same_date, same_weekday
from sportello.kernel.errors import gettext_noop
from sportello.kernel.school_year import SchoolYear

FEES: Final = gettext_noop("tariffe, riduzioni e regole sono quelle dell'anno prima, in attesa dell'atto")
WINDOWS: Final = gettext_noop("le finestre di iscrizione sono quelle dell'anno prima, spostate: date da confermare")
REGION: Final = gettext_noop("primo e ultimo giorno stanno nel calendario regionale del nuovo anno: date da confermare")
REGION_UNKNOWN: Final = gettext_noop("calendario regionale non ancora noto: primo e ultimo giorno da confermare")
EASTER: Final = gettext_noop(
    "i giorni chiusi di Carnevale e Pasqua seguono la Pasqua del nuovo anno: date da confermare"
)
CLOSED: Final = gettext_noop("gli altri giorni chiusi hanno la stessa data di un anno prima: date da confermare")
INSTALMENTS: Final = gettext_noop("le scadenze delle rate hanno la stessa data di un anno prima: date da confermare")
OTHERS: Final = gettext_noop("le altre date (età, documenti) sono di un anno dopo: date da confermare")
SHEET: Final = gettext_noop("i testi della scheda nominano ancora un anno passato: da rileggere")
SUPPOSED: Final = frozenset({FEES, WINDOWS, REGION, REGION_UNKNOWN, EASTER, CLOSED, INSTALMENTS, OTHERS, SHEET})
"""What a draft may suppose of a new year: kept in Italian, told in the reader's language by ``ui.retelling``."""
MOVED: Final = gettext_noop("date da confermare: sono quelle dell'anno prima, spostate")

_TOLD: Final = frozenset({"windows", "fees", "calendar", "sheet", "assumptions"})
"""Parts whose moved dates have a sentence of their own."""
_CALENDAR_YEAR = re.compile(r"\b20\d\d\b")


@dataclass(frozen=True, slots=True)
class Regions:
    """What is known of the calendar of the Region in the year left and in the year entered."""

    before: RegionalYear | None
    after: RegionalYear | None

    @classmethod
    def around(cls, year: SchoolYear, calendar: RegionalCalendar) -> "Regions":
        """For the passage from that school year to the next."""
        return cls(calendar.year_of(year.period.start), calendar.year_of(year.next.period.start))


def next_years_content(content: EditionContent, year: SchoolYear, region: RegionalCalendar) -> EditionContent:
    """The content of ``year`` as a proposal for the year after: what was only moved stands in its assumptions."""
    regions = Regions.around(year, region)
    moved = msgspec.structs.replace(
        _a_year_later(content),
        windows=tuple(_window(window, year) for window in content.windows),
        calendar=_calendar(content.calendar, year, regions),
        sheet=_named_anew(content.sheet, year),
    )
    kept = tuple(one for one in content.assumptions if one not in SUPPOSED)
    made = tuple(_supposed(content, moved, year, regions))
    # Read once more, so that the whole is checked as what an officer types would be.
    return from_builtins(to_builtins(msgspec.structs.replace(moved, assumptions=kept + made)), EditionContent)


def _window(window: Window, year: SchoolYear) -> Window:
    return msgspec.structs.replace(
        _named_anew(window, year), opens=same_weekday(window.opens), closes=same_weekday(window.closes)
    )


def _a_year_later[T](value: T) -> T:
    """The same rules a year later, wherever the language puts a date: instalments, ages, papers."""
    if isinstance(value, msgspec.Struct):
        fields = {name: _a_year_later(getattr(value, name)) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    if isinstance(value, tuple):
        return cast("T", tuple(_a_year_later(one) for one in value))
    return cast("T", same_date(value)) if isinstance(value, date) else value


def _calendar(calendar: ServiceCalendar, year: SchoolYear, regions: Regions) -> ServiceCalendar:
    return msgspec.structs.replace(
        calendar,
        spans=tuple(_span(span, year.next, regions) for span in calendar.spans),
        closed=tuple(_closed(closed) for closed in calendar.closed),
        schools=tuple(_school(one) for one in calendar.schools),
        assumption=MOVED,
    )


def _span(span: LevelSpan, year: SchoolYear, regions: Regions) -> LevelSpan:
    """Moved, then kept within the lessons of the Region where they are known."""
    first = max(same_weekday(span.first_day), year.period.start)
    last = same_weekday(span.last_day)
    before, after = regions.before, regions.after
    if after is not None and span.level in LEVELS:
        starts = None if before is None else before.first_day
        ends = None if before is None else before.last_day_for(span.level)
        first = _within(first, after.first_day, follows=starts == span.first_day, latest=True)
        last = _within(last, after.last_day_for(span.level), follows=ends == span.last_day, latest=False)
    return msgspec.structs.replace(span, first_day=min(first, last), last_day=max(first, last))


def _within(day: date, limit: date | None, *, follows: bool, latest: bool) -> date:
    """The day, not beyond the Region's; the Region's own where the year before was the same as the Region's."""
    if limit is None:
        return day
    if follows:
        return limit
    return max(day, limit) if latest else min(day, limit)


def _closed(closed: ClosedDays) -> ClosedDays:
    first, last = next_closed_days(closed.first_day, closed.last_day)
    return msgspec.structs.replace(closed, first_day=first, last_day=last)


def _school(one: SchoolDays) -> SchoolDays:
    first = None if one.first_day is None else same_weekday(one.first_day)
    last = None if one.last_day is None else same_weekday(one.last_day)
    return msgspec.structs.replace(one, first_day=first, last_day=last)


def _named_anew[T: msgspec.Struct](value: T, year: SchoolYear) -> T:
    """The same words with the next school year where they name this one, in either writing."""
    text = json.dumps(to_builtins(value), ensure_ascii=False)
    for old, new in zip(_written(year), _written(year.next), strict=True):
        text = text.replace(old, new)
    return from_builtins(json.loads(text), type(value))


def _written(year: SchoolYear) -> tuple[str, str]:
    return f"{year.start_year}/{year.start_year + 1}", str(year)


def _supposed(content: EditionContent, moved: EditionContent, year: SchoolYear, regions: Regions) -> Iterator[str]:
    """What nobody has decided, in sentences."""
    yield FEES
    if content.windows:
        yield WINDOWS
    yield REGION_UNKNOWN if regions.after is None or regions.after.first_day is None else REGION
    hanging = [hangs_on_easter(one.first_day, one.last_day) for one in content.calendar.closed]
    if any(hanging):
        yield EASTER
    if not all(hanging):
        yield CLOSED
    if content.fees.instalments:
        yield INSTALMENTS
    if any(getattr(content, name) != getattr(moved, name) for name in content.__struct_fields__ if name not in _TOLD):
        yield OTHERS
    # A calendar year within the school year entered belongs there; an earlier one is a leftover.
    named = {int(found) for found in _CALENDAR_YEAR.findall(json.dumps(to_builtins(moved.sheet)))}
    if any(found <= year.start_year for found in named):
        yield SHEET
