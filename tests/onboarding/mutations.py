"""Ways to damage an export, always the same for the same number: what the whole chain must survive.

    for mutation in mutations_of(content, 1_000):
        mutation.name, mutation.content

Lines in are verdicts out, or the file is refused by a named error: nothing crashes and nothing is lost in silence.
`physical_lines` counts the lines of a text by the rules of the reader, written once more and otherwise.
"""

import csv
import io
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl
import pytest

LEGACY: Final = Path(__file__).parents[3] / "shared/data/legacy"
EXPORTS: Final = ("a_mensa_gestionale.csv", "b_excel_scuola.csv", "c_tributi_fixed.txt", "d_trasporto_mensile.txt")
FORMULAS: Final = ('=HYPERLINK("http://example.org";"x")', "=1+1", "+39080", "@SUM(A1)", '=cmd|"/c calc"!A1', "-2+3")
ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-1", "utf-32", "cp037")
FIELD: Final = 10 * 1024 * 1024

type Mutator = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One damaged copy of a file."""

    name: str
    content: bytes


def export(name: str) -> bytes:
    """One of the four exports, or the test is skipped with the reason."""
    path = LEGACY / name
    if not path.exists():
        pytest.skip(f"{path} is not here: the exports stand beside the repository")
    return path.read_bytes()


def mutations_of(content: bytes, count: int, seed: int = 0) -> Iterator[Mutation]:
    """As many damaged copies as asked, by each mutator in its turn; the costly ones once in a hundred."""
    names = list(MUTATORS)
    for number in range(count):
        name = names[number % len(names)] if number % 100 else list(COSTLY)[number // 100 % len(COSTLY)]
        mutate = MUTATORS.get(name) or COSTLY[name]
        yield Mutation(f"{name}-{number}", mutate(content, random.Random(f"{seed}-{number}")))  # noqa: S311 no secret


def physical_lines(content: bytes) -> int:
    """How many lines a text in an encoding of one byte, or in UTF-8, has."""
    end = b"\n" if b"\n" in content or b"\r" not in content else b"\r"
    return content.count(end) + (not content.endswith(end) and content != b"")


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def _cells(line: bytes) -> tuple[list[bytes], bytes]:
    """The cells of a line, and what parts them."""
    separator = max((b";", b"|", b",", b"\t"), key=line.count)
    return line.split(separator), separator


def cut(content: bytes, chance: random.Random) -> bytes:
    """The file ends at any byte."""
    return content[: chance.randrange(len(content))]


def cut_head(content: bytes, chance: random.Random) -> bytes:
    """The file begins at any byte."""
    return content[chance.randrange(len(content)) :]


def cut_lines(content: bytes, chance: random.Random) -> bytes:
    """Some lines end at any byte."""
    lines = _lines(content)
    for place in chance.sample(range(len(lines)), k=min(20, len(lines))):
        lines[place] = lines[place][: chance.randrange(len(lines[place]))] + b"\n"
    return b"".join(lines)


def shuffle_columns(content: bytes, chance: random.Random) -> bytes:
    """All lines have their cells in another order, the same for all."""
    lines = [_cells(line.rstrip(b"\r\n")) for line in _lines(content)]
    width = max(len(cells) for cells, _ in lines)
    order = chance.sample(range(width), width)
    moved = [separator.join(cells[place] for place in order if place < len(cells)) for cells, separator in lines]
    return b"\r\n".join(moved) + b"\r\n"


def shuffle_lines(content: bytes, chance: random.Random) -> bytes:
    """Lines come in any order, the names among them."""
    lines = _lines(content)
    chance.shuffle(lines)
    return b"".join(lines)


def repeat_lines(content: bytes, chance: random.Random) -> bytes:
    """Some lines come twice."""
    lines = _lines(content)
    for _ in range(20):
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return b"".join(lines)


def other_encoding(content: bytes, chance: random.Random) -> bytes:
    """The whole file in another encoding."""
    return content.decode("utf-8-sig", "replace").encode(chance.choice(ENCODINGS), "replace")


def encoded_twice(content: bytes, chance: random.Random) -> bytes:
    """Some lines are encoded twice."""
    lines = _lines(content)
    for place in chance.sample(range(len(lines)), k=min(50, len(lines))):
        lines[place] = lines[place].decode("cp1252", "replace").encode()
    return b"".join(lines)


def other_bytes(content: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    damaged = bytearray(content)
    for _ in range(chance.randrange(1, 60)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def zeros(content: bytes, chance: random.Random) -> bytes:
    """Zeros stand in the text."""
    damaged = bytearray(content)
    for _ in range(chance.randrange(1, 60)):
        damaged.insert(chance.randrange(len(damaged)), 0)
    return bytes(damaged)


def _in_cells(content: bytes, chance: random.Random, what: Callable[[bytes], bytes], times: int = 20) -> bytes:
    lines = _lines(content)
    for place in chance.sample(range(len(lines)), k=min(times, len(lines))):
        cells, separator = _cells(lines[place])
        index = chance.randrange(len(cells))
        cells[index] = what(cells[index])
        lines[place] = separator.join(cells)
    return b"".join(lines)


def formulas(content: bytes, chance: random.Random) -> bytes:
    """Cells are formulas."""
    return _in_cells(content, chance, lambda _: chance.choice(FORMULAS).encode())


def nested_quotes(content: bytes, chance: random.Random) -> bytes:
    """Quotation marks that close, that do not, within each other, with a separator or a line end among them."""
    marks = (b'"', b'""', b'"""', b'"x"y"', b'"a;b|c,d"', b'"a\nb"', b'\\"', b"'", b'"\r\n\r\n', b'"";"')
    return _in_cells(content, chance, lambda cell: chance.choice(marks) + cell + chance.choice(marks), 40)


def separators(content: bytes, chance: random.Random) -> bytes:
    """Separators stand where none should, or lack."""
    return _in_cells(content, chance, lambda cell: cell + chance.choice((b";", b"|", b",", b"\t", b";;;")), 40)


def line_ends(content: bytes, chance: random.Random) -> bytes:
    """Other line ends, or several kinds."""
    ends = chance.choice(((b"\n",), (b"\r\n",), (b"\r",), (b"\n", b"\r\n", b"\r"), (b"\n\n",)))
    return b"".join(line.rstrip(b"\r\n") + chance.choice(ends) for line in _lines(content))


def long_field(content: bytes, chance: random.Random) -> bytes:
    """A cell has ten megabytes."""
    return _in_cells(content, chance, lambda _: b"x" * FIELD, times=1)


def one_line(content: bytes, chance: random.Random) -> bytes:
    """The line ends are lost."""
    return content.replace(b"\r", b"").replace(b"\n", chance.choice((b" ", b"")))


def as_workbook(content: bytes, chance: random.Random) -> bytes:
    """The first rows as a spreadsheet, some cells formulas."""
    text = content.decode("utf-8-sig", "replace")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Foglio1")
    separator = _cells(content[:2000])[1].decode()
    for cells in csv.reader(io.StringIO(text), delimiter=separator):
        row: list[str] = [openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in cells[:40]]
        if row and chance.random() < 0.01:
            row[chance.randrange(len(row))] = chance.choice(FORMULAS)
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def broken_workbook(content: bytes, chance: random.Random) -> bytes:
    """A spreadsheet with other bytes."""
    return other_bytes(as_workbook(content, chance), chance)


def bomb(content: bytes, chance: random.Random) -> bytes:
    """A spreadsheet of a few kilobytes that unpacks to much: blanks, one cell, many rows, or a far corner."""
    begin, end = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>',
        b"</sheetData>",
    )
    inside = chance.choice(
        (
            b" " * 200_000_000,
            b'<row><c t="inlineStr"><is><t>' + b"x" * 200_000_000 + b"</t></is></c></row>",
            b"<row><c><v>1</v></c></row>" * 6_000_000,
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        )
    )
    stream = io.BytesIO(as_workbook(content[:2000], chance))
    packed = io.BytesIO()
    with zipfile.ZipFile(stream) as book, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as other:
        for name in book.namelist():
            other.writestr(name, begin + inside + end + b"</worksheet>" if "worksheets/" in name else book.read(name))
    return packed.getvalue()


MUTATORS: Final[dict[str, Mutator]] = {
    mutator.__name__: mutator
    for mutator in (
        cut,
        cut_head,
        cut_lines,
        shuffle_columns,
        shuffle_lines,
        repeat_lines,
        other_encoding,
        encoded_twice,
        other_bytes,
        zeros,
        formulas,
        nested_quotes,
        separators,
        line_ends,
    )
}
COSTLY: Final[dict[str, Mutator]] = {
    mutator.__name__: mutator for mutator in (long_field, as_workbook, bomb, broken_workbook, one_line)
}
