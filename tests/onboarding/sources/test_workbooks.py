"""Spreadsheets of every kind: what their cells say as text, and those that may not be opened."""

import datetime as dt
import hashlib
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from onboarding.errors import EmptyFile, EncryptedWorkbook, NotText, SheetMissing, UnreadableWorkbook, WorkbookTooLarge
from onboarding.mapping.structs import Layout
from onboarding.sources.lines import LONGEST_LINE, SHOWN
from onboarding.sources.opening import open_source
from onboarding.sources.types import SourceRow
from tests.onboarding.sources.files import archive, ods, rows_of, saved, written, xls, xlsx

SHEET = Layout(form="sheet")
DAY = dt.date(2019, 9, 12)
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def cells_of(folder: Path, content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in rows_of(folder, content, SHEET)]


def one_cell(value: object, number_format: str = "General") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = value
    sheet["A1"].number_format = number_format
    return saved(book)


def packed(sheet: str) -> bytes:
    """The smallest workbook around the XML of a sheet."""
    return archive(
        {
            "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types"/>',
            "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{NAMESPACE}" xmlns:r="{OFFICE}">'
            '<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def sheet_xml(rows: str) -> str:
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        ("ROSSI", "General", "ROSSI"),
        (" due\nrighe ", "General", " due\nrighe "),
        ("0012", "@", "0012"),
        (12, "General", "12"),
        (3834746160, "0.00E+00", "3834746160"),
        (1e22, "General", "10000000000000000000000"),
        (-12.5, "#,##0.00", "-12,5"),
        (1250.3, '"€" #,##0.00', "1250,3"),
        (0.1 + 0.2, "General", "0,3"),
        (0.00001, "General", "0,00001"),
        (True, "General", "SI"),
        (False, "General", "NO"),
        (DAY, "dd/mm/yyyy", "2019-09-12"),
        (dt.datetime.combine(DAY, dt.time(10, 30)), "dd/mm/yyyy hh:mm", "2019-09-12 10:30:00"),
        (dt.time(8, 15), "hh:mm", "08:15:00"),
        (dt.timedelta(hours=30), "[h]:mm", "30:00:00"),
        (43720, "[$-410]d mmmm yyyy", "2019-09-12"),
        (43720, "General", "43720"),
        ("=SUM(B1:B3)", "General", "=SUM(B1:B3)"),
        ("=B1&lt;B2", "General", "=B1&lt;B2"),
        ("#N/A", "General", "#N/A"),
    ],
)
def test_a_cell_is_told_as_text(tmp_path: Path, value: object, number_format: str, text: str) -> None:
    assert cells_of(tmp_path, one_cell(value, number_format)) == [(text,)]


def test_a_formula_is_told_by_its_kept_result(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1&amp;""</f><v>due</v></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="AB1"><f>A1&amp;B1</f></c></row>'
    )
    (cells,) = cells_of(tmp_path, packed(sheet_xml(rows)))
    assert (cells[:4], cells[27]) == (("2", "due", "", "#DIV/0!"), "=A1&B1")


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = 42258
    sheet["A1"].number_format = "dd/mm/yyyy"
    assert cells_of(tmp_path, saved(book)) == [("2019-09-12",)]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (xlsx([["N.", "Nato il", "Saldo"], [], [1, DAY, -12.5]]), "xlsx"),
        (xls([["N.", "Nato il", "Saldo"], [], [1, DAY, -12.5]]), "xls"),
        (ods([["N.", "Nato il", "Saldo"], [], ["number:1", "date:2019-09-12", "number:-12.5"]]), "ods"),
    ],
)
def test_each_kind_says_the_same(tmp_path: Path, content: bytes, kind: str) -> None:
    source = open_source(written(tmp_path, content))
    assert (source.form, source.encoding, source.sheets()) == ("sheet", "", ("Alunni",))
    assert (source.sha256, source.size) == (hashlib.sha256(content).hexdigest(), len(content))
    rows = list(source.rows(SHEET))
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.cells for row in rows] == [("N.", "Nato il", "Saldo"), ("", "", ""), ("1", "2019-09-12", "-12,5")]
    assert rows[2].raw == "1;2019-09-12;-12,5"
    assert list(source.rows(SHEET)) == rows
    assert list(source.lines()) == []


def test_rows_are_counted_from_the_top_of_the_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["C4"] = "x"
    assert cells_of(tmp_path, saved(book)) == [("", "", "")] * 3 + [("", "", "x")]


def test_repeated_blank_rows_are_counted(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, ods([["a"], ["*5"], ["b"], ["*1048000"]]), SHEET)
    assert [(row.number, row.cells) for row in rows if any(row.cells)] == [(1, ("a",)), (7, ("b",))]


def test_merged_cells_have_their_text_once(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "TITOLO"
    sheet["C2"] = "x"
    sheet.merge_cells("A1:C1")
    assert cells_of(tmp_path, saved(book)) == [("TITOLO", "", ""), ("", "", "x")]


def test_the_raw_of_a_row_can_be_read_back(tmp_path: Path) -> None:
    assert rows_of(tmp_path, xlsx([["a;b", 'detto "Nino"', "c\nd"]]), SHEET)[0].raw == '"a;b";"detto ""Nino""";"c\nd"'


def test_cells_that_are_too_few_are_filled_and_those_beyond_the_names_stay(tmp_path: Path) -> None:
    layout = Layout(form="sheet", header=("A", "B", "C"))
    rows = rows_of(tmp_path, xlsx([["A", "B", "C"], [1], [1, 2, 3, 4]]), layout)
    assert [row.cells for row in rows] == [("A", "B", "C"), ("1", "", ""), ("1", "2", "3", "4")]


def test_what_was_encoded_twice_before_is_put_right(tmp_path: Path) -> None:
    row, right = rows_of(tmp_path, xlsx([["CittÃ\xa0 Vecchia", "x"], ["Città", "y"]]), SHEET)
    assert (row.cells, row.recoded, right.recoded) == (("Città Vecchia", "x"), True, False)


def test_a_cell_longer_than_any_row_troubles_its_row_only(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, packed(sheet_xml(_text("x" * (LONGEST_LINE + 1)) + _text("y"))), SHEET)
    assert rows == [SourceRow(1, "x" * SHOWN, (), "line_too_long"), SourceRow(2, "y", ("y",))]


def _text(text: str) -> str:
    return f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'


def test_sheets_that_people_see_come_first(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([["a"]], Vecchio=[["b"]], Vuoto=[], Nuovo=[["c"]])))
    book["Alunni"].sheet_state = "hidden"
    book.create_chartsheet("Grafico")
    book.active = 1
    source = open_source(written(tmp_path, saved(book)))
    assert source.sheets() == ("Vecchio", "Nuovo", "Alunni")
    assert [row.cells for row in source.rows(Layout(form="sheet", sheet="Alunni"))] == [("a",)]
    with pytest.raises(SheetMissing, match="Ottobre"):
        source.rows(Layout(form="sheet", sheet="Ottobre")).__next__()


def test_the_only_sheet_is_read_whatever_its_name_is_this_week(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, xlsx([["a"]]), Layout(form="sheet", sheet="Ottobre"))
    assert rows[0].cells == ("a",)


def test_two_may_read_one_source(tmp_path: Path) -> None:
    source = open_source(written(tmp_path, xlsx([[n, "x" * 500] for n in range(2000)])))
    pairs = list(zip(source.rows(SHEET), source.rows(SHEET), strict=True))
    assert [int(one.cells[0]) for one, _ in pairs] == list(range(2000))
    assert all(one == other for one, other in pairs)


# What may not be opened.


def test_a_cell_at_the_far_corner_is_refused(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(WorkbookTooLarge):
        open_source(written(tmp_path, packed(sheet_xml(rows))))


def test_a_sheet_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbookTooLarge):
        open_source(written(tmp_path, packed(sheet_xml(" " * 100_000_000))))


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    entries: dict[str, str | bytes] = {f"xl/{number}.xml": "" for number in range(5000)}
    with pytest.raises(WorkbookTooLarge):
        open_source(written(tmp_path, archive({"xl/workbook.xml": "", **entries})))


def test_an_entry_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    content = packed(sheet_xml(_text("x" * 120_000_000)))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        real = book.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = content.replace(struct.pack("<L", real), struct.pack("<L", 1000))
    with pytest.raises((WorkbookTooLarge, UnreadableWorkbook)):
        open_source(written(tmp_path, lying))


def test_entities_are_not_unfolded(tmp_path: Path) -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(UnreadableWorkbook):
        open_source(written(tmp_path, packed(lol + sheet_xml(_text("&b;")))))


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" + b"\x00" * 100,
        xlsx([["a"]])[:1500],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\x00" * 600,
        xls([["a"]])[:2000],
        archive({"xl/workbook.xml": "<workbook"}),
        archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a>"}),
    ],
)
def test_a_broken_workbook_is_named(tmp_path: Path, content: bytes) -> None:
    with pytest.raises((UnreadableWorkbook, NotText)):
        open_source(written(tmp_path, content))


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
        ods([["a"]], manifest="<manifest:encryption-data/>"),
    ],
)
def test_a_password_is_named(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(EncryptedWorkbook, match="senza password"):
        open_source(written(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (archive({"elenco.csv": "a;b"}), "un archivio zip"),
        (archive({"word/document.xml": "<w/>"}), "un documento di testo"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "un documento di testo"),
    ],
)
def test_what_is_no_spreadsheet_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(NotText, match=sentence):
        open_source(written(tmp_path, content))


def test_a_workbook_without_cells_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        open_source(written(tmp_path, xlsx([])))
