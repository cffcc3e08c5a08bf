"""Rows copied from a spreadsheet land in the grid as people in Italy write them; what cannot be read is said by row."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services_catalog.fee_table import Band, CountRow, IseeDiscount, LevelCost, Segment, ShareBand, SiblingDiscount
from services_catalog.grids.cells import shown
from services_catalog.grids.columns import GridColumn, columns_of
from services_catalog.grids.pasting import Pasted, read_pasted
from services_catalog.grids.pieces import Piece, pieces_of
from services_catalog.schema import Window
from sportello.kernel.money import Money
from tests.fees.reading_tables import names
from tests.services_catalog.grids.test_round_trip import content_of

BANDS = columns_of(Band)
THREE = [
    {"isee_from": Money(0), "isee_to": Money(500000), "amount": Money(190)},
    {"isee_from": Money(500001), "isee_to": Money(750000), "amount": Money(210)},
    {"isee_from": Money(750001), "isee_to": None, "amount": Money(300)},
]


@pytest.fixture(autouse=True)
def italian() -> Any:  # Any: a context around each test
    with translation.override("it"):
        yield


def rows(pasted: Pasted, *names: str) -> list[dict[str, object]]:
    """The rows read, of the columns that matter."""
    assert [error.message for error in pasted.errors] == []
    return [{name: row[name] for name in names} for row in pasted.rows]


@pytest.mark.parametrize(
    "text",
    [
        "0,00\t5.000,00\t1,90\n5.000,01\t7.500,00\t2,10\n7.500,01\t\t3,00\n",
        "0;5000;1,9\r\n5000,01;7500;2,1\r\n7500,01;oltre;3\r\n",
        "0.00,5000.00,1.90\n5000.01,7500.00,2.10\n7500.01,,3.00",
        '"0,00","5.000,00","€ 1,90"\n"5.000,01","7.500,00","€ 2,10"\n"7.500,01","","€ 3,00"',
        "0,00   5.000,00   1,90 €\n5.000,01   7.500,00   2,10 €\n7.500,01   senza limite   3,00 €",
        "ISEE da\tISEE a\tTariffa\n\n0\t5.000\t€ 1,90\n\n5.000,01\t7.500\t€ 2,10\n7.500,01\te oltre\t€ 3,00\n\n",
        "Tariffa\tDa\tFino a\n1,90 euro\t0\t5.000\n2,10 euro\t5.000,01\t7.500\n3,00 euro\t7.500,01\t-",
        "Fascia ISEE;Prezzo\nfino a 5.000;1,90\nda 5.000,01 a 7.500;2,10\noltre 7.500;3,00",
        "fino a € 5.000,00\t1,90\n€ 5.000,01 - € 7.500,00\t2,10\n7.500,01 e oltre\t3,00",
        "Fino a 5.000\t\t1,90\nda 5.000,01\ta 7.500\t2,10\nOltre 7.500\t\t3,00",
        "Fascia\tISEE\tCosto\nA\t0 - 5.000\t1,90\nB\t5.000,01 – 7.500\t2,10\nC\toltre 7.500\t3,00",
        "Tariffa a pasto\tISEE da\tISEE a\n1,90\t0\t5000\n2,10\t\t7500\n3,00\t\t",
        "Costo 2026/27\tISEE da\tISEE a\n1,90\t0\t5000\n2,10\t\t7500\n3,00\t\t",
    ],
)
def test_the_same_table_however_it_is_written(text: str) -> None:
    assert rows(read_pasted(text, BANDS), "isee_from", "isee_to", "amount") == THREE


def test_a_bound_below_which_one_stays_is_a_cent_less() -> None:
    read = read_pasted("inferiore a 5.000;1\nda 5.000 a 6.000;2\nsuperiore a 6.000;3", BANDS)
    assert [(row["isee_from"], row["isee_to"]) for row in read.rows] == [
        (Money(0), Money(499999)),
        (Money(500000), Money(600000)),
        (Money(600001), None),
    ]


def test_a_heading_nobody_knows_is_told_and_not_read() -> None:
    read = read_pasted("Fascia\tISEE da\tISEE a\tImporto\nprima\t0\t5000\t1,90", BANDS)
    assert read.left_aside == ("Fascia",)
    assert read.heading == "Fascia | ISEE da | ISEE a | Importo"
    assert read.rows[0]["amount"] == Money(190)


@pytest.mark.parametrize(
    ("columns", "text", "wanted"),
    [
        (columns_of(ShareBand), "0\t500\t12,5%\n", {"share_percent": Decimal("12.5"), "printed": None}),
        (columns_of(LevelCost), "Scuola\tCosto\nInfanzia\t4,67\n", {"level": "infanzia", "unit_cost": Money(467)}),
        (columns_of(LevelCost), "scuola primaria;4,98", {"level": "primaria"}),
        (columns_of(SiblingDiscount), "2°\t\t\t\t25%", {"rank_from": 2, "rank_to": None, "discount_percent": 25}),
        (columns_of(SiblingDiscount), "secondo;3;;;25", {"rank_from": 2, "rank_to": 3, "children_from": None}),
        (columns_of(CountRow), "0;5;50 %", {"count_from": 0, "count_to": 5, "discount_percent": 50}),
        (columns_of(Segment), "0;5.000;1;2", {"amount_from": Money(100), "amount_to": Money(200)}),
        (columns_of(IseeDiscount), "oltre 5.000;30", {"isee_from": Money(500001), "discount_percent": 30}),
        (columns_of(Window), "Prima;1/6/2026;31/12/2026;sì", {"label.it": "Prima", "late": True}),
    ],
)
def test_every_kind_of_column_is_read(columns: Sequence[GridColumn], text: str, wanted: dict[str, object]) -> None:
    assert rows(read_pasted(text, columns), *wanted) == [wanted]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "ISEE da\tISEE a\tImporto\n0\t5000\t1,90\n5000,01\t\ttanto",
            [
                "Riga 3: «tanto» non è un importo: scrivi euro e centesimi, per esempio 1234,50. "
                "Ho letto: 5000,01 | | tanto"
            ],
        ),
        ("0;5000;", ["Riga 1: «Importo» è vuoto. Ho letto: 0 | 5000 |"]),
        (
            "0;5000;1,9;x;y\n\n5000,01;;2,5",
            ["Riga 1: ci sono 5 celle, le colonne sono 4. Ho letto: 0 | 5000 | 1,9 | x | y"],
        ),
        ("   \n \n", ["Non c'è nessuna riga da leggere."]),
    ],
)
def test_what_cannot_be_read_is_said_row_by_row(text: str, said: list[str]) -> None:
    read = read_pasted(text, BANDS)
    assert [" ".join(error.message.split()) for error in read.errors] == said
    assert read.rows == ()


def test_a_percentage_beyond_a_hundred_is_no_percentage() -> None:
    read = read_pasted("0;500;120 %", columns_of(ShareBand))
    assert "«120 %» non è una percentuale da 0 a 100" in read.errors[0].message


amounts = st.integers(0, 10_000_000).map(Money)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(
    st.lists(st.tuples(amounts, amounts, st.none() | amounts, amounts), min_size=1, max_size=12),
    st.sampled_from(["\t", ";"]),
    st.booleans(),
)
def test_any_table_written_out_and_pasted_back_is_the_same(
    cells: list[tuple[Money, Money, Money | None, Money]], separator: str, heading: bool
) -> None:
    columns = columns_of(Segment)
    table = [
        {"isee_from": low, "isee_to": low + width, "amount_from": start, "amount_to": end, "assumption": ""}
        for low, width, end, start in cells
    ]
    with translation.override("it"):
        assert read_pasted(written(columns, table, separator, heading), columns).rows == tuple(table)


def written(columns: Sequence[GridColumn], table: Sequence[dict[str, Any]], separator: str, heading: bool) -> str:
    """A table as a spreadsheet copies it."""
    shown_columns = [column for column in columns if not column.hidden]
    lines = [separator.join(str(column.label) for column in shown_columns)] if heading else []
    for row in table:
        values = ["" if row[one.name] == one.empty_as else shown(row[one.name]) for one in shown_columns]
        lines.append(separator.join(f'"{value}"' if separator in value else value for value in values))
    return "\n".join(lines)


def grids_of(name: str) -> list[Piece]:
    return [piece for piece in pieces_of(content_of(name)) if piece.is_grid and piece.rows]


@pytest.mark.parametrize("heading", [True, False])
@pytest.mark.parametrize("name", names())
def test_every_grid_of_every_act_written_out_and_pasted_back_is_the_same(name: str, heading: bool) -> None:
    for piece in grids_of(name):
        read = read_pasted(written(piece.columns, piece.rows, "\t", heading), piece.columns)
        assert [error.message for error in read.errors] == []
        for row, again in zip(piece.rows, read.rows, strict=True):
            hidden = {column.name for column in piece.columns if column.hidden}
            usual = {column.name: column.empty_as for column in piece.columns}
            kept = {key: usual[key] if value is None else value for key, value in again.items() if key not in hidden}
            assert kept == {key: value for key, value in row.items() if key not in hidden}
