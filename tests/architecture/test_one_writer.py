"""Every table that leaves as CSV or as a spreadsheet passes by one writer, which neutralises formulas."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.source import ROOT, modules, place, tree

WRITER: Final = "platform/sportello/ui/spreadsheets.py"
ELSEWHERE: Final = {
    "tenants/packs/draw.py": "writes the packs of this repository from the ministry's open data; leaves to nobody",
    "onboarding/training/views/office.py": "hands out that roster to be brought in as an exercise, faults and all",
    "onboarding/population/roster.py": "imitates the file of an old back office, with its faults",
}
CALLS: Final = frozenset({"writer", "DictWriter", "export_data", "Workbook", "save_workbook"})
WORDS: Final = re.compile(r"text/csv|spreadsheetml|ms-excel|opendocument\.spreadsheet")
LIBRARIES: Final = frozenset({"xlsxwriter", "xlwt", "pyexcel", "odf", "pandas"})


def faults(file: str, root: ast.AST) -> Iterator[str]:
    """The ways of writing a table that the file knows by itself."""
    for node in ast.walk(root):
        if isinstance(node, ast.Call):
            yield from _calls(file, node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORDS.search(node.value):
            yield f"{file}:{node.lineno}: the type of a table"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None) or ""}
            yield from (f"{file}:{node.lineno}: {name}" for name in names if name.split(".")[0] in LIBRARIES)


def _calls(file: str, node: ast.Call) -> Iterator[str]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in CALLS:
        yield f"{file}:{node.lineno}: {name}()"
    formats = [one.value for one in node.args[:1] if isinstance(one, ast.Constant)]
    if name == "export" and formats and isinstance(formats[0], str):
        yield f"{file}:{node.lineno}: a dataset exports itself"


def test_only_the_writer_writes_tables() -> None:
    found = [fault for file in modules() for fault in faults(place(file), tree(file)) if _counts(file, fault)]
    assert found == []


def _counts(file: Path, fault: str) -> bool:
    """Forms say which files they take in; the exceptions are named with their reason."""
    return place(file) not in {WRITER, *ELSEWHERE} and not (file.stem in TAKES_IN and "type of a table" in fault)


TAKES_IN: Final = frozenset({"forms", "table_files", "fee_upload"})


def test_the_exceptions_still_stand() -> None:
    assert [name for name in ELSEWHERE if not (ROOT / name).is_file()] == []


def test_the_writer_is_found_by_the_same_eyes() -> None:
    assert list(faults(WRITER, tree(ROOT / WRITER)))


@pytest.mark.parametrize(
    "code",
    [
        "csv.writer(sink)",
        "writer(sink)",
        "csv.DictWriter(sink, names)",
        "dataset.export('csv', delimiter=';')",
        "formats.XLSX().export_data(dataset)",
        "openpyxl.Workbook()",
        "HttpResponse(text, content_type='text/csv; charset=utf-8')",
        "import xlsxwriter",
        "from pandas import DataFrame",
    ],
)
def test_each_way_is_seen(code: str) -> None:
    assert len(list(faults("x.py", ast.parse(code)))) == 1


@pytest.mark.parametrize("code", ["resource.export(rows)", "csv.reader(lines)", "table_response(heads, rows)"])
def test_what_is_right_passes(code: str) -> None:
    assert list(faults("x.py", ast.parse(code))) == []
