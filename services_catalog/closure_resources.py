"""Closures as a table: first and last day, kind, reason, and whom they concern (empty = everybody)."""

# ruff: noqa: ARG002 -- the signatures are those of import-export, which has no types

from datetime import date, datetime
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import CharWidget, Widget
from psycopg.types.range import DateRange as PostgresRange

from services_catalog.models import Closure, ClosureKind, Service
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School, Section

COLUMNS: Final = ("DAL", "AL", "TIPO", "MOTIVO", "SERVIZIO", "PLESSO", "CLASSE")
KINDS: Final = {str(label): value for value, label in ClosureKind.choices}
_DATES: Final = ("%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")


def read_day(value: object, column: str) -> date:
    """A day as gg/mm/aaaa or aaaa-mm-gg; raises ValueError with a sentence."""
    text = str(value or "").strip()
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no time zone
        except ValueError:
            continue
    raise ValueError(_("La colonna %(column)s non è una data come 23/12/2026.") % {"column": column})


class PeriodWidget(Widget):  # type: ignore[misc]  # an untyped library
    """Two columns, both days included, as one period."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> PostgresRange:
        first = read_day(row.get("DAL"), "DAL")
        last = read_day(row.get("AL"), "AL") if str(row.get("AL") or "").strip() else first
        if last < first:
            raise ValueError(_("L'ultimo giorno viene prima del primo."))
        return PostgresRange(*DateRange.inclusive(first, last).bounds)


class KindWidget(CharWidget):  # type: ignore[misc]  # an untyped library
    """The kind by its code or by its Italian name."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> str:
        word = str(value or "").strip().lower()
        kind = KINDS.get(word, word)
        if kind not in ClosureKind.values:
            raise ValueError(_("Il tipo è uno fra: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
        return kind

    def render(self, value: object, obj: Any = None, **kwargs: Any) -> str:
        return str(ClosureKind(str(value)).label) if value else ""


class ServiceWidget(Widget):  # type: ignore[misc]  # an untyped library
    """The service by its code."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Service | None:
        code = str(value or "").strip().lower()
        if not code:
            return None
        service = Service.objects.filter(code=code).first()
        if service is None:
            raise ValueError(_("Il servizio «%(code)s» non esiste.") % {"code": code[:20]})
        return service

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class SchoolWidget(Widget):  # type: ignore[misc]  # an untyped library
    """The school by its MIM code."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> School | None:
        code = str(value or "").strip().upper()
        if not code:
            return None
        school = School.objects.filter(school_code=code).first()
        if school is None:
            raise ValueError(_("Il plesso «%(code)s» non è fra le scuole del Comune.") % {"code": code[:10]})
        return school

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.school_code if value else ""


def section_named(school_code: str, written: str, day: date) -> Section | None:
    """The class such as 2B of a school, in the school year of the day."""
    text = written.strip().upper()
    return Section.objects.filter(
        school__school_code=school_code,
        school_year=SchoolYear.of(day).start_year,
        class_year=int(text[0]) if text[:1].isascii() and text[:1].isdigit() else 0,
        letter=text[1:].strip(),
    ).first()


class SectionWidget(Widget):  # type: ignore[misc]  # an untyped library
    """A class such as 2B of the school of the row, in the school year of its first day."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Section | None:
        written = str(value or "").strip().upper()
        if not written:
            return None
        school_code = str(row.get("PLESSO") or "").strip().upper()
        section = section_named(school_code, written, read_day(row.get("DAL"), "DAL"))
        if section is None:
            raise ValueError(_("La classe «%(section)s» non esiste in quel plesso.") % {"section": written[:5]})
        return section

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value) if value else ""


class ClosureResource(ModelResource):  # type: ignore[misc]  # an untyped library
    """A row per closure, known by its days, kind and whom it concerns; only the reason may change."""

    first_day = Field(column_name="DAL", readonly=True)
    last_day = Field(column_name="AL", readonly=True)
    days = Field(attribute="days", column_name="DAL", widget=PeriodWidget())
    kind = Field(attribute="kind", column_name="TIPO", widget=KindWidget())
    reason = Field(attribute="reason", column_name="MOTIVO", widget=CharWidget())
    service = Field(attribute="service", column_name="SERVIZIO", widget=ServiceWidget())
    school = Field(attribute="school", column_name="PLESSO", widget=SchoolWidget())
    section = Field(attribute="section", column_name="CLASSE", widget=SectionWidget())

    class Meta:
        model = Closure
        fields: ClassVar = ("first_day", "last_day", "days", "kind", "reason", "service", "school", "section")
        export_order: ClassVar = fields
        import_order: ClassVar = fields
        import_id_fields: ClassVar = ("days", "kind", "service", "school", "section")
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def get_export_fields(self, selected_fields: Any = None) -> list[Any]:
        """The period is written as its two days."""
        fields: list[Any] = super().get_export_fields(selected_fields)
        return [field for field in fields if field.attribute != "days"]

    def dehydrate_first_day(self, closure: Closure) -> str:
        return f"{closure.days.lower:%d/%m/%Y}" if closure.days else ""

    def dehydrate_last_day(self, closure: Closure) -> str:
        return f"{DateRange.from_bounds(closure.days).last_day:%d/%m/%Y}" if closure.days else ""

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """A reason is what people read when the canteen is closed."""
        row["MOTIVO"] = str(row.get("MOTIVO") or "").strip()
        if not row["MOTIVO"]:
            raise ValidationError(_("Manca il motivo."))

    def get_instance(self, instance_loader: Any, row: Any) -> Closure | None:
        """The closure of the same days, kind, service, school and section."""
        key = {name: self.fields[name].clean(row) for name in self._meta.import_id_fields}
        return Closure.objects.filter(
            **{(f"{n}__isnull" if v is None else n): (v is None or v) for n, v in key.items()}
        ).first()
