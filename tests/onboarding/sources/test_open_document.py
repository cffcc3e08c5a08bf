"""An ODS is read row by row: each kind of cell, what is repeated, covered, hidden, and what never fits."""

import subprocess
import sys
from pathlib import Path

import pytest

from onboarding.errors import UnreadableWorkbook
from onboarding.mapping.structs import Layout
from onboarding.sources import unpacking
from onboarding.sources.opening import open_source
from tests.onboarding.sources.files import archive, written

SHEET = Layout(form="sheet")
NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
KINDS = ("office", "table", "text", "style")


def open_document(tables: str, styles: str = "") -> bytes:
    spaces = "".join(f' xmlns:{kind}="{NAMES}{kind}:1.0"' for kind in KINDS)
    content = (
        f"<office:document-content{spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    return archive({"mimetype": mime, "META-INF/manifest.xml": "<manifest/>", "content.xml": content})


def table(*rows: str, name: str = "Alunni", more: str = "") -> str:
    return f'<table:table table:name="{name}"{more}>{"".join(rows)}</table:table>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", **values: str) -> str:
    names = {"kind": "office:value-type", "times": "table:number-columns-repeated", "formula": "table:formula"}
    told = "".join(
        f' {names.get(name, "office:" + name.replace("_", "-"))}="{value}"' for name, value in values.items()
    )
    return f"<table:table-cell{told}>{text}</table:table-cell>"


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def cells_of(folder: Path, content: bytes) -> list[tuple[str, ...]]:
    return [one.cells for one in open_source(written(folder, content)).rows(SHEET)]


@pytest.mark.parametrize(
    ("written_as", "text"),
    [
        (cell(p("ROSSI"), kind="string"), "ROSSI"),
        (cell(p("0012"), kind="string"), "0012"),
        (cell(p("12"), kind="float", value="12"), "12"),
        (cell(p("3,83E+09"), kind="float", value="3834746160"), "3834746160"),
        (cell(p("5%"), kind="percentage", value="0.05"), "0,05"),
        (cell(p("-12,50 €"), kind="currency", value="-12.5"), "-12,5"),
        (cell(p("12 set"), kind="date", date_value="2019-09-12"), "2019-09-12"),
        (cell(p("x"), kind="date", date_value="2019-09-12T00:00:00"), "2019-09-12"),
        (cell(p("x"), kind="date", date_value="2019-09-12T10:30:00"), "2019-09-12 10:30:00"),
        (cell(p("mai"), kind="date", date_value="0000-00-00"), "mai"),
        (cell(p("x"), kind="time", time_value="PT08H15M00S"), "08:15:00"),
        (cell(p("VERO"), kind="boolean", boolean_value="true"), "SI"),
        (cell(p("FALSO"), kind="boolean", boolean_value="false"), "NO"),
        (cell(p("due") + p("righe"), kind="string"), "due\nrighe"),
        (cell(p('A<text:s text:c="2"/>B<text:tab/>C<text:line-break/>D'), kind="string"), "A  B\tC\nD"),
        (cell(p("<text:span>DE <text:a>ROSSI</text:a></text:span> ANNA"), kind="string"), "DE ROSSI ANNA"),
        (cell(f"<office:annotation>{p('nota')}</office:annotation>{p('ROSSI')}", kind="string"), "ROSSI"),
        (cell(p("#N/D"), kind="string", string_value="", formula="of:=CERCA()"), "#N/D"),
        (cell(formula="of:=SUM([.A1:.A3])"), "=SUM([.A1:.A3])"),
    ],
)
def test_a_cell_is_told_as_text(tmp_path: Path, written_as: str, text: str) -> None:
    assert cells_of(tmp_path, open_document(table(row(written_as)))) == [(text,)]


def test_what_is_repeated_is_there_as_often_and_what_is_covered_is_empty(tmp_path: Path) -> None:
    one, empty = cell(p("a"), kind="string"), cell()
    content = table(
        row(empty, cell(p("b"), kind="string", times="2"), cell(times="16000")),
        row(cell(times="16384"), more=' table:number-rows-repeated="2"'),
        "<table:table-row-group>" + row(one, '<table:covered-table-cell table:number-columns-repeated="2"/>', one),
        "</table:table-row-group>",
        row(one, more=' table:number-rows-repeated="2"'),
        row(cell(times="16384"), more=' table:number-rows-repeated="1048000"'),
    )
    assert [tuple(filter(None, one)) or "" for one in cells_of(tmp_path, open_document(content))] == [
        ("b", "b"),
        "",
        "",
        ("a", "a"),
        ("a",),
        ("a",),
    ]
    assert cells_of(tmp_path, open_document(content))[0] == ("", "b", "b", "")
    assert cells_of(tmp_path, open_document(content))[3] == ("a", "", "", "a")


def test_hidden_sheets_come_last_and_a_table_within_a_cell_is_no_sheet(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="ta1"><style:table-properties table:display="true"/></style:style>'
        '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    )
    inner = table(row(cell(p("dentro"), kind="string")), name="Dentro")
    tables = table(row(cell(p("appunti"), kind="string")), name="Appunti", more=' table:style-name="ta2"') + table(
        row(cell(p("x") + inner, kind="string")), row(cell(p("y"), kind="string")), more=' table:style-name="ta1"'
    )
    source = open_source(written(tmp_path, open_document(tables, styles)))
    assert source.sheets() == ("Alunni", "Appunti")
    assert [one.cells for one in source.rows(Layout(form="sheet", sheet="Alunni"))] == [("x",), ("y",)]


@pytest.mark.parametrize("broken", ["<table:table><table:table-row>", table(row(cell(times="molte"))), "&bomba;"])
def test_what_does_not_open_is_refused_by_name(tmp_path: Path, broken: str) -> None:
    with pytest.raises(UnreadableWorkbook):
        open_source(written(tmp_path, open_document(broken)))


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """Twenty thousand rows of twenty cells: a reader that keeps the sheet holds a hundred megabytes more."""
    line = row(*(cell(p(f"valore {place:04d} di una cella"), kind="string") for place in range(20)))

    def held(rows: int) -> int:
        path = written(tmp_path, open_document(table(*[line] * rows)))
        command = [sys.executable, "-I", unpacking.__file__, str(path)]
        code = (
            "import resource,subprocess,sys;"
            f"subprocess.run({command!r},stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL,check=True);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        return int(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)

    assert held(20_000) - held(500) < 20_000
