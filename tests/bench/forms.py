"""One roster in four forms, read and judged without a database: seconds, and the most memory that a process held.

Beside the CSV, two libraries that check only the types of its columns, each in an environment of its own: polars as the
limit, frictionless as the naive way.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import openpyxl

from onboarding.population.families import Inventor, Place
from onboarding.population.roster import write_roster
from tenants.municipal_packs import pack_of
from tests.bench.alone import Measured, measured
from tests.bench.table import Row, Table

ROWS: Final = int(os.environ.get("FORM_ROWS", "100000"))
MOST: Final = 300
ROOT: Final = Path(__file__).parents[2]
RIVALS: Final = Path(__file__).parent / "rivals"
UV: Final = shutil.which("uv", path=f"{ROOT}/.tools/uv/bin{os.pathsep}{os.environ['PATH']}") or "uv"
OPEN: Final = "urn:oasis:names:tc:opendocument:xmlns:"


def run() -> Table:
    """Every form by the command of the product; the rivals on the CSV."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = cells(ROWS)
        files = {form: write(folder, rows) for form, write in FORMS.items()}
        ours = {form: _judged(path, folder) for form, path in files.items()}
        limit, naive = (_rival(program, files["CSV"]) for program in ("polars_types.py", "frictionless_types.py"))
    return Table(
        f"A roster of {ROWS:,} rows in four forms, read and judged",
        "The command dry-run, with its start, on a proposed mapping. limit: polars, naive: frictionless, which check"
        " the types of the columns and nothing else. Memory: the largest process.",
        tuple(_rows(ours, limit, naive)),
    )


def _rows(ours: dict[str, Measured], limit: Measured, naive: Measured) -> Iterable[Row]:
    for form, spent in ours.items():
        low, high = (limit, naive) if form == "CSV" else (None, None)
        yield Row(form, spent.clock, "s", low and low.clock, high and high.clock)
        yield Row(f"{form}, CPU", spent.cpu, "s", low and low.cpu, high and high.cpu)
        within = spent.memory < MOST
        yield Row(
            f"{form}, memory", spent.memory, "MB", low and low.memory, high and high.memory, f"< {MOST} MB", within
        )


def cells(children: int) -> list[list[str]]:
    """The roster as rows of cells, the names of its columns first."""
    pack = pack_of("A662")
    schools = tuple((one.school_code, one.level) for one in pack.schools() if one.level in {"infanzia", "primaria"})
    place = Place("Bari", "A662", "70100", 2026, schools)
    text = write_roster(Inventor(place, seed=9), children=children).decode("cp1252")
    return [line.split(";") for line in text.splitlines()]


def _csv(folder: Path, rows: list[list[str]]) -> Path:
    return _kept(folder / "roster.csv", "\r\n".join(map(";".join, rows)).encode("cp1252"))


def _xlsx(folder: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Alunni")
    for row in rows:
        sheet.append(row)
    path = folder / "roster.xlsx"
    book.save(path)
    return path


def _ods(folder: Path, rows: list[list[str]]) -> Path:
    head = "".join(f' xmlns:{name}="{OPEN}{name}:1.0"' for name in ("office", "table", "text"))
    path = folder / "roster.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        with archive.open("content.xml", "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8") as stream:
            stream.write(f"<office:document-content{head}><office:body><office:spreadsheet>")
            stream.write('<table:table table:name="Alunni">')
            for row in rows:
                stream.write(f"<table:table-row>{''.join(map(_open_cell, row))}</table:table-row>")
            stream.write("</table:table></office:spreadsheet></office:body></office:document-content>")
    return path


def _open_cell(text: str) -> str:
    shown = f"<text:p>{escape(text)}</text:p>"
    return f'<table:table-cell office:value-type="string">{shown}</table:table-cell>' if text else "<table:table-cell/>"


def _fixed(folder: Path, rows: list[list[str]]) -> Path:
    whole = [row for row in rows if len(row) == len(rows[0])]
    widths = [max(map(len, column)) + 1 for column in zip(*whole, strict=True)]
    lines = ["".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in rows[1:]]
    return _kept(folder / "roster.txt", "\r\n".join(lines).encode("cp1252"))


FORMS: Final[dict[str, Callable[[Path, list[list[str]]], Path]]] = {
    "CSV": _csv,
    "XLSX": _xlsx,
    "ODS": _ods,
    "fixed width": _fixed,
}


def _kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _judged(path: Path, folder: Path) -> Measured:
    manage = [sys.executable, str(ROOT / "manage.py"), "onboarding"]
    mapping = folder / f"{path.suffix[1:]}.toml"
    with mapping.open("wb") as out:
        subprocess.run([*manage, "propose-mapping", str(path), "--hint-municipality", "A662"], stdout=out, check=False)
    report = str(folder / "report.jsonl")
    return measured(
        [*manage, "dry-run", "--municipality", "A662", "--mapping", str(mapping), str(path), "--report", report],
        allowed=(0, 1),  # 1: the file needs a person
    )


def _rival(program: str, path: Path) -> Measured:
    apart = [UV, "run", "--frozen", "--isolated", "--only-group", "bench", "--directory", str(ROOT), "python"]
    command = [*apart, str(RIVALS / program), str(path)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # installs what is not there yet
    return measured(command)
