"""Schools as a table: the columns people see, how they are read and written."""

# ruff: noqa: ARG002 -- the signatures are those of import-export, which has no types

from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import CharWidget, Widget

from sportello.schools.models import Level, School

COLUMNS: Final = ("CODICE", "NOME", "GRADO", "TIPO", "GESTIONE", "INDIRIZZO", "ATTIVA")
YES, NO = "sì", "no"


class CodeWidget(CharWidget):  # type: ignore[misc]  # an untyped library
    """The ten characters of a MIM code, in capitals."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> str:
        code = str(value or "").strip().upper()
        if len(code) != 10 or not code.isascii() or not code.isalnum():
            raise ValueError(_("Il codice meccanografico ha dieci lettere e cifre."))
        return code


class LevelWidget(CharWidget):  # type: ignore[misc]  # an untyped library
    """One of the known levels, or nothing for an institute."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> str:
        level = str(value or "").strip().lower()
        if level and level not in Level.values:
            raise ValueError(_("Il grado è uno fra: %(levels)s.") % {"levels": ", ".join(Level.values)})
        return level


class YesNoWidget(Widget):  # type: ignore[misc]  # an untyped library
    """sì or no; empty means sì."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> bool:
        word = str(value or YES).strip().lower()
        if word not in {YES, "si", "s", NO, "n"}:
            raise ValueError(_("La colonna ATTIVA è sì o no."))
        return word not in {NO, "n"}

    def render(self, value: object, obj: Any = None, **kwargs: Any) -> str:
        return YES if value else NO


class SchoolResource(ModelResource):  # type: ignore[misc]  # an untyped library
    """A row per school, known by its code. Whole rows: an empty cell empties the field."""

    school_code = Field(attribute="school_code", column_name="CODICE", widget=CodeWidget())
    name = Field(attribute="name", column_name="NOME", widget=CharWidget())
    level = Field(attribute="level", column_name="GRADO", widget=LevelWidget())
    kind = Field(attribute="kind", column_name="TIPO", widget=CharWidget())
    ownership = Field(attribute="ownership", column_name="GESTIONE", widget=CharWidget())
    address = Field(attribute="address", column_name="INDIRIZZO", widget=CharWidget())
    is_active = Field(attribute="is_active", column_name="ATTIVA", widget=YesNoWidget())

    class Meta:
        model = School
        fields: ClassVar = ("school_code", "name", "level", "kind", "ownership", "address", "is_active")
        export_order: ClassVar = fields
        import_id_fields: ClassVar = ("school_code",)
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Spaces at the ends say nothing; a school has a name."""
        for column, value in list(row.items()):
            if isinstance(value, str):
                row[column] = value.strip()
        if not row.get("NOME"):
            raise ValidationError(_("Manca il nome della scuola."))
