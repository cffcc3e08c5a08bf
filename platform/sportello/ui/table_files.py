"""Tables of an administrator's size as files: read a CSV, import it through a resource, export a resource.

For lists without personal data and below MOST_ROWS rows; rosters go another way (onboarding).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import tablib
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.resources import Resource
from import_export.results import Result, RowResult

from sportello.kernel.formulas import restored
from sportello.ui.spreadsheets import table_response

MOST_ROWS: Final = 2_000
MOST_BYTES: Final = 512 * 1024


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What would become of one row; `number` counts from 2, as a spreadsheet shows it."""

    number: int
    outcome: str
    tone: str
    label: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The outcome of an import, before it is done or after."""

    created: int
    updated: int
    unchanged: int
    rows: Sequence[PreviewRow]

    @property
    def wrong(self) -> list[PreviewRow]:
        """The rows that stop the import."""
        return [row for row in self.rows if row.errors]

    @property
    def changed(self) -> list[PreviewRow]:
        """The rows that would be made or changed."""
        return [row for row in self.rows if row.outcome in {RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE}]


class TableUploadForm(forms.Form):
    """A CSV to look at; `text` holds it between the preview and the confirmation."""

    use_required_attribute = False
    hides_optional = True

    file = forms.FileField(
        label=gettext_lazy("File CSV"),
        help_text=gettext_lazy("Con il punto e virgola e le stesse colonne del file che esporti da qui."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        required=False,
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, *args: Any, columns: Sequence[str], **kwargs: Any) -> None:  # Any: Django's own keywords
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.dataset = tablib.Dataset()

    def clean(self) -> dict[str, Any]:
        """The file as text and as a dataset with the expected columns."""
        values: dict[str, Any] = super().clean() or {}
        file = values.get("file")
        values["text"] = _decoded(file.read(MOST_BYTES + 1)) if file else values.get("text", "")
        if "file" in self.errors:
            return values
        if not values["text"].strip():
            raise ValidationError({"file": _("Scegli un file CSV che non sia vuoto.")})
        self.dataset = self._read(values["text"])
        return values

    def _read(self, text: str) -> tablib.Dataset:
        try:
            dataset = tablib.Dataset().load(text.removeprefix("\ufeff"), format="csv", delimiter=";")
        except tablib.InvalidDimensions as error:
            raise ValidationError({"file": _("Una riga ha più celle delle intestazioni: correggila.")}) from error
        dataset.headers = [str(header or "").strip().upper() for header in dataset.headers or []]
        missing = [column for column in self.columns if column not in dataset.headers]
        if missing:
            raise ValidationError({"file": _("Mancano le colonne %(names)s.") % {"names": ", ".join(missing)}})
        if len(dataset) > MOST_ROWS:
            raise ValidationError({"file": _("Il file ha più di %(most)s righe: dividilo.") % {"most": MOST_ROWS}})
        return _as_it_was(dataset)


def _as_it_was(dataset: tablib.Dataset) -> tablib.Dataset:
    """The cells without the apostrophe that our own export puts before what looks like a formula."""
    rows = [[restored(cell) if isinstance(cell, str) else cell for cell in row] for row in dataset]
    return tablib.Dataset(*rows, headers=dataset.headers)


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": _("Il file è troppo grande: dividilo.")})
    if b"\x00" in content:
        raise ValidationError({"file": _("Il file non è un CSV: salvalo come CSV con il punto e virgola.")})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def import_table(resource: Resource, dataset: tablib.Dataset, *, dry_run: bool) -> Preview:
    """Import the dataset, all rows or none; with `dry_run` only say what would happen."""
    result: Result = resource.import_data(
        dataset, dry_run=dry_run, raise_errors=False, use_transactions=True, rollback_on_validation_errors=True
    )
    rows = [
        _preview_row(number, row, values)
        for number, (row, values) in enumerate(zip(result.rows, dataset.dict, strict=True), start=2)
    ]
    totals = result.totals
    return Preview(
        created=totals[RowResult.IMPORT_TYPE_NEW],
        updated=totals[RowResult.IMPORT_TYPE_UPDATE],
        unchanged=totals[RowResult.IMPORT_TYPE_SKIP],
        rows=rows,
    )


def _preview_row(number: int, row: RowResult, values: dict[str, object]) -> PreviewRow:
    label = ", ".join(str(value) for value in list(values.values())[:3] if value)
    errors = tuple(_sentence(error.error) for error in row.errors)
    if row.validation_error is not None:
        errors += _sentences(row.validation_error)
    if errors:
        return PreviewRow(number, "error", "danger", label, errors)
    tone = {RowResult.IMPORT_TYPE_NEW: "success", RowResult.IMPORT_TYPE_UPDATE: "info"}.get(row.import_type, "neutral")
    return PreviewRow(number, row.import_type, tone, label)


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, ValueError):
        return str(error)
    return _("Il valore non è ammesso.")


def _sentences(error: ValidationError) -> tuple[str, ...]:
    if not hasattr(error, "error_dict"):
        return tuple(error.messages)
    return tuple(
        message if name == NON_FIELD_ERRORS else f"{name}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    )


def export_table(
    resource: Resource, rows: "QuerySet[Any] | Sequence[object]", *, file_format: str, filename: str
) -> HttpResponse:
    """Every row as CSV (UTF-8 with BOM, semicolons) or XLSX, through the resource that also reads it back."""
    dataset = resource.export(rows)
    return table_response(dataset.headers or [], dataset, file_format=file_format, filename=filename)
