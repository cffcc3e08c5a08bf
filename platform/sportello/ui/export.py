"""Lists as files: CSV as Italian spreadsheets open it, and XLSX."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model
from django.http import HttpResponse
from django.utils import timezone

from sportello.kernel.money import Money
from sportello.ui.listing import ListPage, Text
from sportello.ui.spreadsheets import Figure, table_response


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
    cells = ([cell(column.value(row)) for column in columns] for row in rows)
    headings = [str(column.heading) for column in columns]
    return table_response(headings, cells, file_format=file_format, filename=filename)


def _spreadsheet_cell(value: object) -> object:
    if isinstance(value, Money):
        return value.as_decimal()
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    return value


def _csv_cell(value: object) -> object:
    if isinstance(value, Money):
        return Figure(value.format().removesuffix(" €"))
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return value
