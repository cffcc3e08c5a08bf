"""How a file is written is told by its content."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.mapping.structs import Escape, Layout
from onboarding.sources.opening import open_source
from onboarding.sources.recoding import put_right
from onboarding.sources.sniffing import sniff
from tests.onboarding.sources.files import ods, written, xls, xlsx

NAMES = ["Matricola", "Cognome", "Nome", "Data nascita", "Cod. Fiscale", "Importo", "Note"]
ROWS = [
    ["0001", "ROSSI", "ANNA", "12/09/2019", "RSSNNA19P52A662X", "1.250,30", ""],
    ["0002", "D'AMICO", "LUCA", "03/08/2018", "DMCLCU18M03A662K", "-12,00", "vedi; segreteria"],
    ["0003", "DE LUCA", "NICOLÒ", "21/09/2014", "DLCNCL14P21A662W", "0,00", 'detto "Nino"'],
    ["0004", "LO RUSSO", "EMMA", "26/04/2022", "LRSMME22D66A662B", "7,50", ""],
]


def sniffed(folder: Path, content: bytes) -> Layout:
    return sniff(open_source(written(folder, content)))


def text(rows: list[list[str]], separator: str, **dialect: object) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, **dialect).writerows(rows)  # type: ignore[call-overload]
    return stream.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|", "^", "~", "#", ":", "§"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_every_separator_is_found(tmp_path: Path, separator: str, quoting: int) -> None:
    content = text([NAMES, *ROWS * 5], separator, quoting=quoting)
    layout = sniffed(tmp_path, content.encode())
    assert (layout.separator, layout.escape, layout.header_line) == (separator, "doubled", 1)
    assert layout.header == tuple(NAMES)
    rows = list(open_source(tmp_path / "file").rows(layout))
    assert [list(row.cells) for row in rows] == [NAMES, *ROWS * 5]


def test_a_backslash_before_quotes_is_found(tmp_path: Path) -> None:
    content = text([NAMES, *ROWS * 5], ";", doublequote=False, escapechar="\\")
    layout = sniffed(tmp_path, content.encode())
    assert (layout.separator, layout.escape) == (";", "backslash")
    assert [list(row.cells) for row in open_source(tmp_path / "file").rows(layout)] == [NAMES, *ROWS * 5]


def test_a_backslash_before_separators_is_found(tmp_path: Path) -> None:
    content = text([NAMES, *ROWS * 5], ";", quoting=csv.QUOTE_NONE, escapechar="\\", quotechar=None)
    layout = sniffed(tmp_path, content.encode())
    assert [list(row.cells) for row in open_source(tmp_path / "file").rows(layout)] == [NAMES, *ROWS * 5]


def test_apostrophes_that_enclose_cells_are_quotation_marks(tmp_path: Path) -> None:
    content = text([NAMES, *ROWS * 5], ";", quotechar="'", quoting=csv.QUOTE_ALL)
    layout = sniffed(tmp_path, content.encode())
    assert (layout.quote, layout.header) == ("'", tuple(NAMES))
    assert [list(row.cells) for row in open_source(tmp_path / "file").rows(layout)] == [NAMES, *ROWS * 5]


def test_marks_that_enclose_nothing_are_letters(tmp_path: Path) -> None:
    lines = "\n".join(f'{n};"ROSSI;ANNA;2019-09-{n}' for n in range(10, 30))
    assert sniffed(tmp_path, f"N;COGNOME;NOME;DATA\n{lines}\n".encode()).quote == ""


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("", 1),
        ("sep=;\n", 2),
        ("ELENCO ALUNNI;;;;;;\nStampato il 12/11/2025;;;;;;\n;;;;;;\n", 4),
        ("Comune di Prova\n\n\nMensa scolastica 2025/26\n", 5),
    ],
)
def test_the_names_are_found_below_a_preamble(tmp_path: Path, before: str, line: int) -> None:
    layout = sniffed(tmp_path, (before + text([NAMES, *ROWS * 5], ";")).encode())
    assert (layout.separator, layout.header_line, layout.header) == (";", line, tuple(NAMES))


def test_a_file_that_begins_with_data_has_no_names(tmp_path: Path) -> None:
    layout = sniffed(tmp_path, text(ROWS * 5, ";").encode())
    assert (layout.separator, layout.header_line, layout.header) == (";", 0, ())


def test_words_alone_are_no_names(tmp_path: Path) -> None:
    rows = [["ROSSI", "ANNA", "BARI"], ["BIANCHI", "LUCA", "BITONTO"], ["DE LUCA", "EMMA", "MODUGNO"]]
    assert sniffed(tmp_path, text(rows, ";").encode()).header_line == 0


def test_a_name_that_runs_over_a_line_end_is_one_name(tmp_path: Path) -> None:
    names = [*NAMES[:3], "Data di\nnascita", *NAMES[4:]]
    layout = sniffed(tmp_path, text([names, *ROWS * 5], ";", lineterminator="\n").encode())
    assert (layout.header_line, layout.header) == (1, tuple(names))


def test_commas_of_amounts_part_nothing(tmp_path: Path) -> None:
    lines = "".join(f"ROSSI ANNA;{n},50;{n},70\n" for n in range(10, 40))
    assert sniffed(tmp_path, f"Nome;Dovuto;Pagato\n{lines}".encode()).separator == ";"


def test_lines_of_one_length_are_of_fixed_width(tmp_path: Path) -> None:
    lines = [f"1{n:07d}{'ROSSI':<20}{n * 7:08d},{n % 100:02d}" for n in range(60)]
    lines[7] = lines[7][:30]
    layout = sniffed(tmp_path, "\r\n".join(["0TRIBUTI".ljust(39), *lines, "9" + "0" * 30]).encode("latin-1"))
    assert (layout.form, layout.width, layout.header_line) == ("fixed", 39, 0)


def test_cells_padded_to_one_length_are_still_parted(tmp_path: Path) -> None:
    lines = [f"{n:05d};{'ROSSI':<20};{'ANNA':<15};2019-09-12" for n in range(60)]
    assert sniffed(tmp_path, "\n".join(lines).encode()).form == "delimited"


def test_one_column_is_one_cell(tmp_path: Path) -> None:
    layout = sniffed(tmp_path, b"Cognome\nROSSI\nBIANCHINI\nDE LUCA\n")
    assert (layout.form, layout.separator) == ("delimited", "")


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_the_names_of_a_sheet_are_found_below_its_title(tmp_path: Path, write: object) -> None:
    content = write([["ELENCO ALUNNI"], [""], NAMES, *ROWS])  # type: ignore[operator]
    layout = sniffed(tmp_path, content)
    assert (layout.form, layout.sheet, layout.header_line, layout.header) == ("sheet", "Alunni", 3, tuple(NAMES))


def test_the_sheet_with_the_table_is_chosen(tmp_path: Path) -> None:
    layout = sniffed(tmp_path, xlsx([["Leggimi"], ["Vedi il secondo foglio"]], Dati=[NAMES, *ROWS]))
    assert (layout.sheet, layout.header_line) == ("Dati", 1)


letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\ufeff")
cells = st.text(letters, max_size=12).filter(lambda cell: put_right(cell) == cell)
dialects = st.fixed_dictionaries(
    {
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
        "doublequote": st.booleans(),
    }
)


@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=12),
    separator=st.sampled_from(";,\t|"),
    dialect=dialects,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_written_in_any_dialect_is_read_back(
    tmp_path: Path, rows: list[list[str]], separator: str, dialect: dict[str, Any], encoding: str
) -> None:
    table = [["Cognome", "Data nascita", "Note"], *rows]
    escape = None if dialect["doublequote"] else "\\"
    source = open_source(written(tmp_path, text(table, separator, escapechar=escape, **dialect).encode(encoding)))
    way: Escape = "backslash" if escape else "doubled"
    layout = Layout(form="delimited", separator=separator, escape=way, header=tuple(table[0]))
    assert [list(row.cells) for row in source.rows(layout)] == table


cities = st.sampled_from(
    ["BARI", "CITTÀ VECCHIA", "VIA ROMA; SCALA B", 'detto "Nino"', "D'AMICO", "a, b|c\td", "riga\ndue", ""]
)
pupils = st.tuples(
    st.integers(1, 99999).map("{:06d}".format),
    st.sampled_from(["ROSSI", "DE LUCA", "D'AMICO", "LO RUSSO"]),
    cities,
    st.dates().map("{:%d/%m/%Y}".format),
    st.integers(-9999, 99999).map(lambda cents: f"{cents / 100:.2f}".replace(".", ",")),
    cities,
)


@given(
    rows=st.lists(pupils, min_size=4, max_size=40),
    before=st.sampled_from(["", "ELENCO ALUNNI\n", "Comune di Prova, ufficio scuola\nStampato il 12/11/2025\n\n"]),
    separator=st.sampled_from(";,\t|"),
    dialect=dialects,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_table_in_any_dialect_is_told_and_read_back(
    tmp_path: Path, rows: list[tuple[str, ...]], before: str, separator: str, dialect: dict[str, Any], encoding: str
) -> None:
    table = [["Matricola", "Cognome", "Luogo", "Data nascita", "Saldo", "Note"], *map(list, rows)]
    escape = None if dialect["doublequote"] else "\\"
    content = before + text(table, separator, escapechar=escape, **dialect)
    source = open_source(written(tmp_path, content.encode(encoding)))
    layout = sniff(source)
    assert (layout.separator, layout.header_line, list(layout.header)) == (separator, before.count("\n") + 1, table[0])
    told = [row for row in source.rows(layout) if row.number >= layout.header_line and row.trouble != "continuation"]
    assert [list(row.cells) for row in told] == table


@pytest.mark.parametrize(
    ("name", "separator", "line", "width", "fixed"),
    [
        ("a_mensa_gestionale.csv", ";", 1, 23, 0),
        ("b_excel_scuola.csv", ";", 4, 21, 0),
        ("c_tributi_fixed.txt", "", 0, 0, 160),
        ("d_trasporto_mensile.txt", "|", 1, 15, 0),
    ],
)
def test_the_four_exports_are_told(name: str, separator: str, line: int, width: int, fixed: int) -> None:
    path = Path(__file__).parents[4] / "shared/data/legacy" / name
    if not path.exists():
        pytest.skip(f"{path} is not here: the exports stand beside the repository")
    layout = sniff(open_source(path))
    assert (layout.separator, layout.header_line, len(layout.header), layout.width) == (separator, line, width, fixed)


def test_the_rows_encoded_twice_are_those_of_the_key() -> None:
    path = Path(__file__).parents[4] / "shared/data/legacy/d_trasporto_mensile.txt"
    if not path.exists():
        pytest.skip(f"{path} is not here: the exports stand beside the repository")
    source = open_source(path)
    rows = {row.number: row for row in source.rows(sniff(source))}
    key = [json.loads(line) for line in path.with_name(f"{path.name}.answers.jsonl").read_text("utf-8").splitlines()]
    garbled = {answer["line"] for answer in key if "mojibake_double_encoding" in answer["defects"]}
    copies = {answer["line"] for answer in key if answer.get("duplicate_of_line") in garbled}
    assert {number for number, row in rows.items() if row.recoded} == garbled | copies
    records = {answer["line"]: answer.get("record") or answer.get("expected") for answer in key}
    assert all(rows[line].cells[7] == records[line]["stop"] for line in garbled)
