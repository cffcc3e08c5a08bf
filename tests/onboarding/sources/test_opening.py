"""What a file is, by its bytes: its encoding, its lines, or why it cannot be read."""

import codecs
import hashlib
from pathlib import Path

import pytest

from onboarding.errors import EmptyFile, NotText, SourceError
from onboarding.mapping.structs import Layout
from onboarding.sources.lines import CHUNK, LONGEST_LINE, SHOWN
from onboarding.sources.opening import open_source
from onboarding.sources.types import SourceRow
from tests.onboarding.sources.files import SEMICOLONS, rows_of, written

ACCENTED = "NOME;CITTÀ\nNicolò;Bari\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (ACCENTED.encode("cp1252"), "cp1252"),
        (ACCENTED.encode(), "utf-8"),
        (codecs.BOM_UTF8 + ACCENTED.encode(), "utf-8-sig"),
        (ACCENTED.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + ACCENTED.encode("utf-16-be"), "utf-16"),
        (ACCENTED.encode("utf-16-le"), "utf-16-le"),
        (ACCENTED.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_every_encoding_gives_the_same_rows(tmp_path: Path, content: bytes, encoding: str) -> None:
    source = open_source(written(tmp_path, content))
    assert (source.encoding, source.form, source.sheets()) == (encoding, "text", ())
    assert (source.sha256, source.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert [row.cells for row in source.rows(SEMICOLONS)] == [("NOME", "CITTÀ"), ("Nicolò", "Bari")]
    assert list(source.lines()) == [(1, "NOME;CITTÀ"), (2, "Nicolò;Bari")]


def test_plain_letters_are_utf_8(tmp_path: Path) -> None:
    assert open_source(written(tmp_path, b"plain")).encoding == "utf-8"


def test_a_character_on_the_border_of_two_pieces_is_read_whole(tmp_path: Path) -> None:
    content = b"a;b\n" * (CHUNK // 4 - 1) + "abcò;x\n".encode()
    assert open_source(written(tmp_path, content)).encoding == "utf-8"
    assert rows_of(tmp_path, content)[-1].cells == ("abcò", "x")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_lines_end_as_each_system_ends_them(tmp_path: Path, end: str) -> None:
    rows = rows_of(tmp_path, end.join(["a;b", "", "c;d", ""]).encode())
    assert [(row.number, row.raw) for row in rows] == [(1, "a;b"), (2, ""), (3, "c;d")]


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    assert [row.raw for row in rows_of(tmp_path, b"a;b\nc;d")] == ["a;b", "c;d"]


def test_signs_that_end_lines_elsewhere_do_not_here(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a;b\u2028c\nd;e\x85\n".encode())
    assert [row.number for row in rows] == [1, 2]


def test_the_end_mark_of_dos_is_a_blank_line(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b"a;b\r\n\x1a")[1] == SourceRow(2, "\x1a", ("",))


def test_a_second_mark_of_utf_8_is_no_text(tmp_path: Path) -> None:
    joined = codecs.BOM_UTF8 + b"A;B\n1;2\n"
    assert rows_of(tmp_path, joined * 2)[2].cells == ("A", "B")


def test_a_byte_that_no_encoding_knows_troubles_its_own_line(tmp_path: Path) -> None:
    content = "Nicolò;x\n".encode("cp1252") * 3 + b"ab\x81\xe8;y\n" + "Mosè;z\n".encode("cp1252")
    rows = rows_of(tmp_path, content)
    assert [row.trouble for row in rows] == ["", "", "", "undecodable_bytes", ""]
    assert rows[3].raw == "ab\ufffdè;y"
    assert rows[4].cells == ("Mosè", "z")


def test_one_line_of_windows_in_a_file_of_utf_8_is_read_and_told(tmp_path: Path) -> None:
    content = "Città;x\n".encode() * 3 + "Nicolò;y\n".encode("cp1252")
    rows = rows_of(tmp_path, content)
    assert [(row.cells[0], row.recoded) for row in rows[2:]] == [("Città", False), ("Nicolò", True)]


def test_one_line_of_utf_8_in_a_file_of_windows_is_read_and_told(tmp_path: Path) -> None:
    content = "Città;x\n".encode("cp1252") * 3 + "Nicolò e Í;y\n".encode()
    rows = rows_of(tmp_path, content)
    assert [(row.cells[0], row.recoded) for row in rows[2:]] == [("Città", False), ("Nicolò e Í", True)]


def test_a_cut_letter_is_not_guessed(tmp_path: Path) -> None:
    row = rows_of(tmp_path, "Città;x\nCittà;y\nz;Citt".encode() + b"\xc3")[-1]
    assert (row.trouble, row.raw) == ("undecodable_bytes", "z;Citt\ufffd")


def test_zeros_are_shown_and_trouble_their_own_line(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b"a;b;c;d;e;f;g\n1;\x00;3;4;5;6;7\n8;9;0;1;2;3;4\n")
    assert [row.trouble for row in rows] == ["", "control_characters", ""]
    assert (rows[1].raw, rows[1].cells[1]) == ("1;\ufffd;3;4;5;6;7", "\ufffd")


@pytest.mark.parametrize("sign", ["\x01", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\ufffe"])
def test_control_characters_trouble_their_own_line(tmp_path: Path, sign: str) -> None:
    rows = rows_of(tmp_path, f"à;b\nc{sign}è;dxxxxxxxxxxxxxxxxxxx\nf;g\n".encode())
    assert [row.trouble for row in rows] == ["", "control_characters", ""]


def test_a_row_encoded_twice_is_put_right_and_told(tmp_path: Path) -> None:
    garbled = "Città Vecchia".encode().decode("cp1252")
    row, right = rows_of(tmp_path, f"{garbled};€ 10,00\nCittà;€ 10,00\n".encode())
    assert (row.cells, row.recoded, row.raw) == (("Città Vecchia", "€ 10,00"), True, f"{garbled};€ 10,00")
    assert not right.recoded


@pytest.mark.parametrize("before", [b"", b"a;b\n"])
@pytest.mark.parametrize("after", [b"", b"\n", b"\nc;d\n"])
@pytest.mark.parametrize("length", [LONGEST_LINE + 1, 3 * CHUNK, 10 * CHUNK + 7])
def test_a_line_longer_than_any_row_troubles_itself_only(
    tmp_path: Path, before: bytes, after: bytes, length: int
) -> None:
    rows = rows_of(tmp_path, before + b"x" * length + after)
    expected = [("a;b", "")] * bool(before) + [("x" * SHOWN, "line_too_long")] + [("c;d", "")] * (len(after) > 1)
    assert [(row.raw, row.trouble) for row in rows] == expected


def test_a_layout_chooses_only_between_what_bytes_cannot_tell_apart(tmp_path: Path) -> None:
    utf8, windows = written(tmp_path, ACCENTED.encode()), tmp_path / "other"
    windows.write_bytes(ACCENTED.encode("cp1252") + b"\x80;x\n")
    old = Layout(form="delimited", separator=";", encoding="iso-8859-1")
    assert [row.cells[1] for row in open_source(utf8).rows(old)] == ["CITTÀ", "Bari"]
    assert [row.trouble for row in open_source(windows).rows(old)] == ["", "", "control_characters"]


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b" \n\t\n", codecs.BOM_UTF8, "\r\n".encode("utf-16")])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(EmptyFile):
        open_source(written(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n1 0 obj", "un PDF"),
        (b"\x89PNG\r\n\x1a\n\x00", "un'immagine"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "un'immagine"),
        (b"\x1f\x8b\x08\x00", "un file compresso"),
        (b"Rar!\x1a\x07\x00", "un file compresso"),
        (b"\n <!DOCTYPE html><html>", "una pagina web"),
        (b"<html><table><tr><td>1", "una pagina web"),
        (b"{\\rtf1\\ansi", "un documento di testo"),
        ("a;b".encode("utf-32"), "UTF-32"),
        (b"MATRICOLA" + bytes(range(32)) * 9, "un file binario"),
    ],
)
def test_what_is_no_text_is_named_with_its_remedy(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(NotText) as refusal:
        open_source(written(tmp_path, content))
    assert sentence in str(refusal.value)
    assert isinstance(refusal.value, SourceError)
