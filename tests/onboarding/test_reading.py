"""Files that are not what they should be, and what the clerk is told."""

import codecs
from pathlib import Path

import pytest

from onboarding.defects import CATALOGUE
from onboarding.layout import COLUMNS, read_header, split_cells
from onboarding.models import LoadState, RowDefect, StagedRow
from onboarding.reading import inspect
from onboarding.sentences import SENTENCES
from sportello.ui.spreadsheets import csv_text, figure_or_text
from tenants.models import Municipality
from tests.onboarding.rosters import HEADER, ROW, checked, roster, row


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Nicolò".encode("cp1252"), "cp1252"),
        ("Nicolò".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "Nicolò".encode(), "utf-8-sig"),
        (b"plain", "utf-8"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, content: bytes, encoding: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    assert inspect(file).encoding == encoding


def test_a_character_on_the_border_of_two_pieces_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"a" * ((1 << 20) - 1) + "ò".encode() + b"\n")
    assert inspect(file).encoding == "utf-8"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Il file è vuoto."),
        (b"\r\n\r\n", "Il file è vuoto."),
        (b"PK\x03\x04rest", "foglio di calcolo"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b"%PDF-1.7", "un PDF"),
        ("MATRICOLA".encode("utf-16"), "UTF-16"),
        (b"MATRICOLA;\x00", "un file binario"),
        (HEADER.encode() + b"\r\nab\x81c;\xe8", "Riga 2: c'è un carattere che non si legge (byte 0x81)"),
        (HEADER.encode() + b"\r\n", "nessuna riga"),
        (HEADER.replace(";", ",").encode() + b"\r\n", "la virgola"),
        (HEADER.replace(";SALDO", "").encode() + b"\r\n", "mancano le colonne SALDO"),
        ((HEADER + ";NOTE").encode() + b"\r\n", "non conosco le colonne NOTE"),
        ((HEADER + ";SALDO").encode() + b"\r\n", "le colonne SALDO compaiono due volte"),
        (HEADER.encode() + b"\r\n" + b"x" * 9000, "Riga 2: la riga è lunghissima"),
    ],
)
def test_each_unreadable_file_says_why(ready: Municipality, content: bytes, sentence: str) -> None:
    load = checked(content)
    assert load.state == LoadState.FAILED
    assert sentence in load.failure
    assert load.path.read_bytes() == content
    assert not StagedRow.objects.exists()


def test_columns_may_stand_in_any_order() -> None:
    width, order = read_header(";".join(reversed(COLUMNS)))
    assert order(list(reversed(range(width)))) == tuple(range(23))  # type: ignore[arg-type]


def test_a_quoted_separator_belongs_to_its_cell() -> None:
    cells = ["VIA ROMA; SCALA B", 'detto "Nino"', "x"]
    assert split_cells(csv_text(cells, []).rstrip()) == cells


def test_cells_come_back_from_our_own_list_as_they_were() -> None:
    cells = ["=1+1", "-12,50", "+39080", "@x", "D'AMICO", '="A;B"']
    line = csv_text([figure_or_text(cell) for cell in cells], []).rstrip()
    assert line == '\'=1+1;-12,50;\'+39080;\'@x;D\'AMICO;"\'=""A;B"""'
    assert split_cells(line) == cells


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (ROW + ";x", "unquoted_separator_shifts_columns"),
        (ROW.rpartition(";")[0], "columns_missing"),
        (row(INDIRIZZO='"VIA'), "quotes_unbalanced"),
        (row(INDIRIZZO="VIA\x01"), "control_characters"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_as_it_came(ready: Municipality, line: str, code: str) -> None:
    load = checked(roster(line, ROW))
    assert (StagedRow.objects.get(line=2).verdict, StagedRow.objects.get(line=2).raw) == ("reject", line)
    assert RowDefect.objects.get(load=load, line=2).code == code


def test_blank_lines_are_counted_and_left_out(ready: Municipality) -> None:
    load = checked(roster(ROW, "", ";;;", "  "))
    assert (load.counts["rows"], load.counts["blank"]) == (1, 3)


def test_every_defect_has_its_sentence() -> None:
    assert set(SENTENCES) == set(CATALOGUE)


def test_two_children_with_one_number_both_wait(ready: Municipality) -> None:
    from tests.onboarding.test_committing import emma, luca

    load = checked(roster(emma(), luca(MATRICOLA="000001")))
    assert [(r.line, r.verdict) for r in StagedRow.objects.filter(load=load)] == [(2, "review"), (3, "review")]
