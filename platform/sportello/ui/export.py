"""Lists as files: CSV as Italian spreadsheets open it, and XLSX."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import tablib
from django.db.models import Model
from django.http import HttpResponse
from django.utils import timezone
from import_export.formats import base_formats as formats

from sportello.kernel.money import Money
from sportello.ui.listing import ListPage, Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column[T]:
    """A column of an exported file: its heading, and the value of a row (text, number, Money, date, bool or None)."""

    heading: Text
    value: Callable[[T], object]


def export_response[T: Model](page: ListPage[T], columns: Sequence[Column[T]], *, filename: str) -> HttpResponse:
    """Every row that matches the list's filters, in its order, as the format that the address asks for.

    Read while the Comune of the request is still set: never streamed. The caller records the audit event.
    """
    return file_response(
        page.matching.iterator(chunk_size=2000), columns, file_format=page.export_format, filename=filename
    )


def file_response[T](
    rows: Iterable[T], columns: Sequence[Column[T]], *, file_format: str, filename: str
) -> HttpResponse:
    """A file of any rows; `file_format` is "csv" (UTF-8 with BOM, semicolons) or "xlsx"."""
    cell = _spreadsheet_cell if file_format == "xlsx" else _csv_cell
    data = tablib.Dataset(headers=[str(column.heading) for column in columns])
    for row in rows:
        data.append([cell(column.value(row)) for column in columns])
    if file_format == "xlsx":
        response = HttpResponse(formats.XLSX().export_data(data), content_type=XLSX)
    else:
        text = formats.CSV().export_data(data, delimiter=";")
        response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.{file_format}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _spreadsheet_cell(value: object) -> object:
    if isinstance(value, Money):
        return value.as_decimal()
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, bool | int | date):
        return value
    return _harmless(str(value))


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.format().removesuffix(" €")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int):
        return str(value)
    return _harmless(str(value))
