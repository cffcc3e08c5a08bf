"""The calendar of a service as a table: when it runs at each school level, and where single schools depart from it.

A row with ORDINE alone is the span of a level; a row with PLESSO is a departure. Days are both included.
"""

# ruff: noqa: ARG002 -- the signatures are those of import-export, which has no types

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.widgets import Widget

from services_catalog.closure_resources import read_day
from services_catalog.fee_table import Level as LevelCode
from services_catalog.schema import WEEKDAYS, LevelSpan, SchoolDays, ServiceCalendar, Weekday
from sportello.schools.models import Level, School

COLUMNS: Final = ("ORDINE", "PLESSO", "DAL", "AL", "GIORNI")
NAMES: Final = dict(zip(("lun", "mar", "mer", "gio", "ven", "sab", "dom"), WEEKDAYS, strict=True))


@dataclass
class CalendarRow:
    """One row: a level's span or a school's departure."""

    level: str = ""
    school: str = ""
    first_day: date | None = None
    last_day: date | None = None
    weekdays: tuple[Weekday, ...] = ()

    def save(self, **_options: Any) -> None:
        """Rows are gathered by the resource; the edition is what is kept."""


class DayWidget(Widget):  # type: ignore[misc]  # an untyped library
    """A day, or nothing."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> date | None:
        return read_day(value, "DAL / AL") if str(value or "").strip() else None

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%d/%m/%Y}" if value else ""


class WeekdaysWidget(Widget):  # type: ignore[misc]  # an untyped library
    """Weekdays as "lun mar mer"."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> tuple[Weekday, ...]:
        words = str(value or "").lower().replace(",", " ").split()
        if unknown := [word for word in words if word not in NAMES]:
            raise ValueError(
                _("Il giorno «%(word)s» non esiste: usa lun mar mer gio ven sab dom.") % {"word": unknown[0]}
            )
        return tuple(day for name, day in NAMES.items() if name in words)

    def render(self, value: tuple[Weekday, ...], obj: Any = None, **kwargs: Any) -> str:
        return " ".join(name for name, day in NAMES.items() if day in value)


class LevelWidget(Widget):  # type: ignore[misc]  # an untyped library
    """A school level by its code."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> str:
        code = str(value or "").strip().lower()
        if code and code not in Level.values:
            raise ValueError(_("L'ordine è uno fra: %(levels)s.") % {"levels": ", ".join(Level.values)})
        return code


class CalendarResource(Resource):  # type: ignore[misc]  # an untyped library
    """Reads and writes the rows; after an import they are in `rows`."""

    level = Field(attribute="level", column_name="ORDINE", widget=LevelWidget())
    school = Field(attribute="school", column_name="PLESSO")
    first_day = Field(attribute="first_day", column_name="DAL", widget=DayWidget())
    last_day = Field(attribute="last_day", column_name="AL", widget=DayWidget())
    weekdays = Field(attribute="weekdays", column_name="GIORNI", widget=WeekdaysWidget())

    class Meta:
        instance_loader_class = BaseInstanceLoader
        force_init_instance = True
        skip_diff = True
        using_db = "default"
        export_order: ClassVar = ("level", "school", "first_day", "last_day", "weekdays")
        import_order: ClassVar = export_order

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows: list[CalendarRow] = []
        self.known = set(School.objects.values_list("school_code", flat=True))

    def init_instance(self, row: Any = None) -> CalendarRow:
        return CalendarRow()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Each row says a level or a school; a level has both its days."""
        school = row["PLESSO"] = str(row.get("PLESSO") or "").strip().upper()
        if school and school not in self.known:
            raise ValidationError(_("Il plesso «%(code)s» non è fra le scuole del Comune.") % {"code": school[:10]})
        if not school and not str(row.get("ORDINE") or "").strip():
            raise ValidationError(_("Indica l'ordine di scuola oppure il plesso."))
        if not school and not all(str(row.get(name) or "").strip() for name in ("DAL", "AL", "GIORNI")):
            raise ValidationError(_("Per un ordine di scuola servono primo giorno, ultimo giorno e giorni."))

    def after_save_instance(self, instance: CalendarRow, row: Any, **kwargs: Any) -> None:
        self.rows.append(instance)


def rows_of(calendar: ServiceCalendar) -> list[CalendarRow]:
    """The calendar as rows: levels first, then schools."""
    levels = [CalendarRow(s.level, "", s.first_day, s.last_day, calendar.weekdays) for s in calendar.spans]
    schools = [CalendarRow("", s.school, s.first_day, s.last_day, s.weekdays) for s in calendar.schools]
    return levels + schools


def calendar_of(rows: list[CalendarRow], kept: ServiceCalendar) -> ServiceCalendar:
    """The rows as a calendar; closed days and the patron's day stay as in `kept`. Raises ValueError with a sentence."""
    levels = [row for row in rows if not row.school]
    weekdays = {row.weekdays for row in levels}
    if len(weekdays) != 1:
        raise ValueError(
            _("I giorni sono gli stessi per tutti gli ordini: le eccezioni si scrivono plesso per plesso.")
        )
    return ServiceCalendar(
        spans=tuple(
            LevelSpan(level=cast("LevelCode", row.level), first_day=row.first_day, last_day=row.last_day)
            for row in levels
            if row.first_day and row.last_day
        ),
        weekdays=weekdays.pop(),
        closed=kept.closed,
        schools=tuple(
            SchoolDays(school=row.school, first_day=row.first_day, last_day=row.last_day, weekdays=row.weekdays)
            for row in rows
            if row.school
        ),
        patron_day_closed=kept.patron_day_closed,
        assumption=kept.assumption,
    )
