"""Cells by any separator, quotation mark and escape; a slip of one line never reaches the next."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.mapping.structs import Column, Layout, Mapping
from onboarding.sources.cells import Dialect, Scanner
from onboarding.sources.delimited import LONGEST_RUN
from onboarding.sources.opening import open_source
from onboarding.sources.rows import read_rows
from tests.onboarding.sources.files import rows_of, written

BACKSLASH = Layout(form="delimited", separator=";", escape="backslash")
THREE = Layout(form="delimited", separator=";", header=("A", "B", "C"))


@pytest.mark.parametrize(
    ("dialect", "line", "cells"),
    [
        (Dialect(";"), "a;b;", ["a", "b", ""]),
        (Dialect("\t"), "a\t\tb", ["a", "", "b"]),
        (Dialect("|"), 'x|"VIA ROMA | SCALA B"|y', ["x", "VIA ROMA | SCALA B", "y"]),
        (Dialect("||"), 'x||"y || z"||', ["x", "y || z", ""]),
        (Dialect(";"), '"detto ""Nino""";b', ['detto "Nino"', "b"]),
        (Dialect(";"), 'VIA "ROMA";b', ['VIA "ROMA"', "b"]),
        (Dialect(","), '"a", "b, c" ,d', ["a", "b, c", "d"]),
        (Dialect(";"), '="00123";b', ["00123", "b"]),
        (Dialect(";"), '"=""00123""";b', ["00123", "b"]),
        (Dialect(";", "'"), "'D''AMICO; ROSA';b", ["D'AMICO; ROSA", "b"]),
        (Dialect(";", "", "none"), '"a;b"', ['"a', 'b"']),
        (Dialect(";", '"', "backslash"), r'"detto \"Nino\"; e \\ via";b', [r'detto "Nino"; e \ via', "b"]),
        (Dialect(";", '"', "backslash"), r"a\;b;C:\dati;\\", ["a;b", r"C:\dati", "\\"]),
        (Dialect(";", '"', "none"), '"a;b";c', ["a;b", "c"]),
        (Dialect(""), "una riga; intera", ["una riga; intera"]),
    ],
)
def test_cells_are_cut_by_the_dialect(dialect: Dialect, line: str, cells: list[str]) -> None:
    found = (dialect.split(line), "whole") if dialect.is_plain(line) else dialect.cut(line)
    assert found == (cells, "whole")


@given(st.text(alphabet='ab"; ', max_size=14).filter(lambda text: '"' in text))
@settings(max_examples=500)
def test_the_short_way_gives_what_the_long_way_gives(text: str) -> None:
    assert Dialect(";").cut(text) == Scanner(Dialect(";"), text).cells()


@pytest.mark.parametrize("line", ['a;"b;c', 'a;"b"x;c', 'a;b;"c', '"a;b;c'])
def test_a_quotation_mark_that_does_not_close_troubles_its_own_line(tmp_path: Path, line: str) -> None:
    rows = rows_of(tmp_path, f"1;2;3\n{line}\n4;5;6\n7;8;9\n".encode())
    assert [(row.trouble, row.raw) for row in rows] == [
        ("", "1;2;3"),
        ("quotes_unbalanced", line),
        ("", "4;5;6"),
        ("", "7;8;9"),
    ]


def test_two_slips_do_not_swallow_the_rows_between_them(tmp_path: Path) -> None:
    """Joined they make a record of the right width."""
    rows = rows_of(tmp_path, b'1;"2;3\n4;5;6\n7;8";9\n1;2;3\n', THREE)
    assert [row.trouble for row in rows] == ["quotes_unbalanced", "", "", ""]
    assert rows[1].cells == ("4", "5", "6")


def test_a_cell_that_runs_over_line_ends_gives_its_record_at_the_first_line(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b'1;"VIA ROMA\r\nSCALA ""B"";\r\nPIANO 2";3\r\n4;5;6\r\n', THREE)
    assert [(row.number, row.trouble) for row in rows] == [(1, ""), (2, "continuation"), (3, "continuation"), (4, "")]
    assert rows[0].cells == ("1", 'VIA ROMA\nSCALA "B";\nPIANO 2', "3")
    assert (rows[0].raw, rows[1].raw, rows[1].cells) == ('1;"VIA ROMA', 'SCALA ""B"";', ())


def test_a_separator_in_the_line_that_closes_a_cell_does_not_make_it_a_row(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b'1;"riga\ndue";"a; b"\n', THREE)
    assert [(row.cells, row.trouble) for row in rows] == [(("1", "riga\ndue", "a; b"), ""), ((), "continuation")]


def test_without_a_header_the_width_is_that_of_the_rows_before(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b'1;2\n1;"a\nb"\n"c\nd;2"\n')
    assert [row.trouble for row in rows] == ["", "", "continuation", "quotes_unbalanced", ""]


def test_a_cell_cannot_run_on_for_ever(tmp_path: Path) -> None:
    within = b'1;"a' + b"\nx" * (LONGEST_RUN - 2) + b'\nb";3\n1;2;3\n'
    beyond = b'1;"a' + b"\nx" * LONGEST_RUN + b'\nb";3\n1;2;3\n'
    assert {row.trouble for row in rows_of(tmp_path, within, THREE)} == {"", "continuation"}
    rows = rows_of(tmp_path, beyond, THREE)
    assert (rows[0].trouble, rows[1].cells, rows[-1].cells) == ("quotes_unbalanced", ("x",), ("1", "2", "3"))


def test_a_cell_does_not_run_over_a_line_that_cannot_be_read(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b'1;"a\n\x00\nb";3\n1;2;3;4;5;6;7;8;9\n', THREE)
    assert [row.trouble for row in rows[:3]] == ["quotes_unbalanced", "control_characters", ""]


def test_what_mypivot_writes_is_read(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, rb'2025;12;2025-01-02;COMUNE;"saldo \"mensa\"; IUV 01";12.30' + b"\n", BACKSLASH)
    assert rows[0].cells[4] == 'saldo "mensa"; IUV 01'


def test_cells_of_fixed_width_stand_as_they_are(tmp_path: Path) -> None:
    content = "1ROSSI     0012\t\r\n1D'AMICO\r\n\r\n9\r\n".encode("latin-1")
    columns = (Column(place=2, width=10), Column(place=12, width=4), Column(place=1, width=1))
    mapping = Mapping(kind="taxes", layout=Layout(form="fixed", width=16), columns=columns)
    rows = list(read_rows(open_source(written(tmp_path, content)), mapping))
    assert [row.cells for row in rows] == [
        ("ROSSI     ", "0012", "1"),
        ("D'AMICO", "", "1"),
        ("", "", ""),
        ("", "", "9"),
    ]
    assert rows[0].raw == "1ROSSI     0012\t"


def test_a_line_of_fixed_width_encoded_twice_has_its_places_again(tmp_path: Path) -> None:
    content = "1SOCIETÃ€ X 12\n1SOCIETA  Y 13\n".encode()
    row = rows_of(tmp_path, content, Layout(form="fixed", width=14), ((2, 9), (12, 2)))[0]
    assert (row.cells, row.raw, row.recoded) == (("SOCIETÀ X", "12"), "1SOCIETÀ X 12", True)


def test_a_quoted_cell_of_many_rows_is_read_in_time(tmp_path: Path) -> None:
    """Each line opens a cell that nothing closes."""
    rows = rows_of(tmp_path, b"a;b;c\n" + b'x;"y\n' * 20_000)
    assert len(rows) == 20_001
