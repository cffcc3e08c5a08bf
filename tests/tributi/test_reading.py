"""What a file says of each person, whatever its layout, and what makes a file unreadable."""

from datetime import date

import pytest

from integrations.tributi import values
from integrations.tributi.mapping import FIXED_160, CsvColumn, CsvLayout, FixedLayout, Format
from integrations.tributi.port import Standing
from integrations.tributi.reading import FileUnreadable, read_file
from integrations.tributi.standings import standings_of
from integrations.tributi.types import Reason, Tax, Verdict
from tests.factories import fiscal_code
from tests.tributi.files import detail, extract

DAY = date(2026, 11, 15)
CSV = CsvLayout(
    columns=(
        CsvColumn(name="fiscal_code", heading="CODICE"),
        CsvColumn(name="tax", heading="TRIBUTO"),
        CsvColumn(name="due", heading="DOVUTO", format="comma"),
        CsvColumn(name="paid", heading="PAGATO", format="comma"),
        CsvColumn(name="paid_on", heading="DATA", format="dd/mm/yyyy"),
    ),
    total_mark="TOTALE",
)


def table(*rows: str) -> bytes:
    return "\n".join(["CODICE;TRIBUTO;DOVUTO;PAGATO;DATA", *rows, ""]).encode()


def standing_in(*rows: str, code: str) -> Standing:
    return standings_of(read_file(extract(rows), FIXED_160).rows, as_of=DAY)[code]


def test_one_unpaid_tax_is_enough_and_only_it_is_named() -> None:
    code = fiscal_code()
    told = standing_in(detail(1, code), detail(2, code, tax="IMU", paid=0), code=code)
    assert told == Standing(Verdict.IN_ARREARS, Reason.UNPAID, (Tax.IMU,), DAY)


def test_who_pays_by_instalments_is_in_order() -> None:
    code = fiscal_code()
    told = standing_in(detail(1, code, paid=5_000, plan="S"), detail(2, code, tax="IMU"), code=code)
    assert told == Standing(Verdict.REGULAR, Reason.INSTALMENTS, (Tax.TARI,), DAY)


def test_a_doubtful_row_speaks_neither_for_nor_against() -> None:
    code = fiscal_code()
    doubtful = detail(1, code, paid=0, paid_on="31022025")
    unknown = Standing(Verdict.UNKNOWN, Reason.TO_REVIEW, (), DAY)
    assert standing_in(doubtful, code=code) == unknown
    assert standing_in(doubtful, detail(2, code), code=code) == unknown
    assert standing_in(doubtful, detail(2, code, tax="IMU", paid=0), code=code).verdict == Verdict.IN_ARREARS


def test_one_number_on_two_rows_is_for_a_person() -> None:
    first, second = fiscal_code(), fiscal_code()
    rows = read_file(extract([detail(1, first), detail(1, second)]), FIXED_160).rows
    assert [(row.verdict.value, row.defects) for row in rows[1:3]] == [
        ("good", ()),
        ("review", ("progressive_conflict",)),
    ]


def test_a_csv_with_a_row_of_totals() -> None:
    first, second = fiscal_code(), fiscal_code()
    rows = [f"{first};IMU;1.234,50;1.234,50;03/02/2026", f"{second};TARI;80,5;0;", "TOTALE;;1.315,00;1.234,51;"]
    read = read_file(table(*rows), CSV)
    assert standings_of(read.rows, as_of=DAY) == {
        first: Standing(Verdict.REGULAR, Reason.PAID, (Tax.IMU,), DAY),
        second: Standing(Verdict.IN_ARREARS, Reason.UNPAID, (Tax.TARI,), DAY),
    }
    assert [(one.name, one.declared, one.found, one.is_off) for one in read.sums] == [
        ("due", 131_500, 131_500, False),
        ("paid", 123_451, 123_450, True),
    ]


def test_every_wrong_row_of_a_csv_is_told() -> None:
    rows = ["X;IMU;1;1;", f"{fiscal_code()};IRPEF;1;1;", f"{fiscal_code()};IMU;uno;1;", "A;B", "TOTALE;;;;"]
    told = [(row.line, row.verdict.value, row.defects) for row in read_file(table(*rows), CSV).rows[1:-1]]
    assert told == [
        (2, "review", ("cf_check_digit",)),
        (3, "review", ("tax_unknown",)),
        (4, "reject", ("amount_not_numeric",)),
        (5, "reject", ("columns_shifted",)),
    ]


@pytest.mark.parametrize(
    ("content", "layout", "sentence"),
    [
        (b"", FIXED_160, "Il file è vuoto."),
        (b"CODICE;TRIBUTO\n", CSV, "Riga 1: mancano le intestazioni DOVUTO, PAGATO, DATA."),
        (b"CODICE;\xe0\n", CSV, "Riga 1: un carattere non è utf-8."),
        (b"1un dettaglio", FIXED_160, "Riga 1: manca il record di testa «0»."),
        (extract([])[:162], FIXED_160, "Nessuna riga comincia con «1»."),
        (extract([detail(1, "X")], day="20263115"), FIXED_160, "Record di testa: la data non esiste."),
        (b"x", FixedLayout(width=9, columns=()), "Nella mappatura mancano le colonne: due, fiscal_code, paid, tax."),
    ],
)
def test_a_file_that_is_not_as_the_mapping_says(content: bytes, layout: FixedLayout | CsvLayout, sentence: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_file(content, layout)
    assert str(caught.value) == sentence


def test_a_file_without_its_tail_does_not_come_out() -> None:
    read = read_file(extract([detail(1, fiscal_code())], tail=False), FIXED_160)
    assert (read.tail_missing, read.comes_out) == (True, False)


@pytest.mark.parametrize(
    ("cell", "form", "amount"),
    [
        ("00123", "cents", 123),
        ("1.234,5", "comma", 123_450),
        ("-2,00 €", "comma", -200),
        ("1,234.56", "point", 123_456),
    ],
)
def test_amounts_by_their_format(cell: str, form: Format, amount: int) -> None:
    assert values.cents(cell, form) == amount


@pytest.mark.parametrize(("cell", "form"), [("12,3", "cents"), ("1.23,4", "comma"), ("²", "cents"), ("", "comma")])
def test_what_is_no_amount_is_never_guessed(cell: str, form: Format) -> None:
    with pytest.raises(values.NoNumber):
        values.cents(cell, form)
