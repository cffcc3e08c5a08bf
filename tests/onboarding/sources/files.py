"""Small files for the tests of reading: texts, archives, spreadsheets of every kind."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlwt

from onboarding.errors import SourceError
from onboarding.mapping.structs import Layout
from onboarding.sources.opening import open_source
from onboarding.sources.types import Cut, Source, SourceRow

SEMICOLONS = Layout(form="delimited", separator=";")
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def written(folder: Path, content: bytes) -> Path:
    """A file whose name says nothing."""
    path = folder / "file"
    path.write_bytes(content)
    return path


def opened(folder: Path, content: bytes) -> Source | str:
    """A source, or the sentence by which the file is refused."""
    try:
        return open_source(written(folder, content))
    except SourceError as refusal:
        return str(refusal)


def rows_of(folder: Path, content: bytes, layout: Layout = SEMICOLONS, cuts: tuple[Cut, ...] = ()) -> list[SourceRow]:
    """All the rows of a file with that content."""
    return list(open_source(written(folder, content)).rows(layout, cuts))


def xlsx(rows: Sequence[Sequence[object]], **others: Sequence[Sequence[object]]) -> bytes:
    """A workbook with the sheet Alunni and others, as openpyxl writes it: numbers, dates, formulas without results."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Alunni"
    for name, cells in {"Alunni": rows, **others}.items():
        target = sheet if name == "Alunni" else book.create_sheet(name)
        for row in cells:
            target.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xls(rows: Sequence[Sequence[object]]) -> bytes:
    """The same in the form before 2007."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Alunni")
    date = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if hasattr(cell, "isoformat"):
                sheet.write(number, place, cell, date)
            else:
                sheet.write(number, place, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(rows: Sequence[Sequence[str]], manifest: str = "") -> bytes:
    """A sheet of LibreOffice. A row that begins with "*" and a number is repeated, as blank rows are there."""
    lines = []
    for row in rows:
        repeated = f' table:number-rows-repeated="{row[0][1:]}"' if row and row[0].startswith("*") else ""
        cells = "".join(map(_ods_cell, [] if repeated else row)) or "<table:table-cell/>"
        lines.append(f"<table:table-row{repeated}>{cells}</table:table-row>")
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_OFFICE}office:1.0" '
        f'xmlns:table="{_OFFICE}table:1.0" xmlns:text="{_OFFICE}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Alunni">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return archive({"mimetype": _ODS, "META-INF/manifest.xml": manifest or "<manifest/>", "content.xml": content})


def _ods_cell(text: str) -> str:
    kind, _, value = text.partition(":")
    types = {"date": f'"date" office:date-value="{value}"', "number": f'"float" office:value="{value}"'}
    shown = "x" if kind in types else escape(text)
    return (
        f"<table:table-cell office:value-type={types.get(kind, '"string"')}><text:p>{shown}</text:p></table:table-cell>"
    )


def archive(entries: dict[str, str | bytes]) -> bytes:
    """A zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return stream.getvalue()
