"""What changes is told in sentences that a council member reads, whatever cell of whatever table it is."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.utils import translation

from services_catalog.describing import changes
from services_catalog.grids.columns import GridColumn, Kind
from services_catalog.grids.pieces import pieces_of
from services_catalog.reading import SchemaError, canonical_json, from_builtins
from services_catalog.schema import EditionContent
from sportello.kernel.money import Money
from tests.factories.editions import edition_content
from tests.fees.reading_tables import names
from tests.services_catalog.grids.test_round_trip import content_of


@pytest.fixture(autouse=True)
def italian() -> Iterator[None]:
    with translation.override("it"):
        yield


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The sentences between two fee tables."""
    return [one.sentence for one in changes(edition_content(fees=before), edition_content(fees=after))]


def bands(*rows: tuple[str, str | None, str]) -> dict[str, Any]:
    listed = [{"isee_from": low, "amount": amount} | ({"isee_to": high} if high else {}) for low, high, amount in rows]
    return {"base": {"kind": "flat_bands", "bands": listed}}


OLD = bands(("0.00", "5000.00", "0.00"), ("5000.01", "7500.00", "1.90"), ("7500.01", None, "3.00"))


@pytest.mark.parametrize(
    ("after", "sentences"),
    [
        (
            bands(("0.00", "5000.00", "0.00"), ("5000.01", "7500.00", "2.10"), ("7500.01", None, "3.00")),
            ["La fascia da 5.000,01 € a 7.500,00 € passa da 1,90 € a 2,10 €."],
        ),
        (
            bands(("0.00", "5000.00", "0.00"), ("5000.01", None, "1.90")),
            [
                "La fascia da 5.000,01 € a 7.500,00 € ora va da 5.000,01 € in su.",
                "Tolta la fascia da 7.500,01 € in su (era 3,00 €).",
            ],
        ),
        (
            bands(
                ("0.00", "5000.00", "0.00"), ("5000.01", "7500.00", "1.90"), ("7500.01", "9000.00", "3.00"),
                ("9000.01", None, "4.00"),
            ),
            [
                "La fascia da 7.500,01 € in su ora va da 7.500,01 € a 9.000,00 €.",
                "Nuova fascia da 9.000,01 € in su: 4,00 €.",
            ],
        ),
        (
            bands(("0.00", "6000.00", "0.00"), ("6000.01", "7500.00", "1.90"), ("7500.01", None, "3.00")),
            [
                "La fascia fino a 5.000,00 € ora va fino a 6.000,00 €.",
                "La fascia da 5.000,01 € a 7.500,00 € ora va da 6.000,01 € a 7.500,00 €.",
            ],
        ),
        (
            {"base": {"kind": "single_price", "amount": "2.50"}},
            [
                "Si calcola in un altro modo: prima «Fasce», ora «Prezzo unico».",
                "Tolta la fascia fino a 5.000,00 € (era 0,00 €).",
                "Tolta la fascia da 5.000,01 € a 7.500,00 € (era 1,90 €).",
                "Tolta la fascia da 7.500,01 € in su (era 3,00 €).",
                "Prezzo unico: ora 2,50 €; prima non era scritto.",
            ],
        ),
    ],
)  # fmt: skip
def test_bands_are_told_by_their_bounds(after: dict[str, Any], sentences: list[str]) -> None:
    assert told(OLD, after) == sentences


def siblings(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"reductions": [{"kind": "sibling_discounts", "rows": list(rows)}]}


SECOND = {"rank_from": 2, "rank_to": 2, "discount_percent": 25}


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        (
            siblings(SECOND),
            siblings({**SECOND, "discount_percent": 30}),
            ["Lo sconto per il secondo figlio passa da 25 % a 30 %."],
        ),
        (
            siblings(SECOND),
            siblings(SECOND, {"rank_from": 3, "discount_percent": "50"}),
            ["Nuovo sconto per i figli dal terzo in poi: 50 %."],
        ),
        ({}, siblings(SECOND), ["Si aggiunge: Riduzioni per fratelli: Figlio numero 2, 25 % in meno."]),
        (
            {"reductions": [{"kind": "exemption", "condition": "social_services", "isee_to": "8000.00"}]},
            {"reductions": [{"kind": "exemption", "condition": "social_services", "isee_to": "9000.00"}]},
            ["Esenzione: servizi sociali. Vale per un ISEE fino a 9.000,00 € invece che fino a 8.000,00 €."],
        ),
        (
            {"reductions": [{"kind": "exemption", "condition": "social_services"}]},
            {},
            ["Si toglie: Esenzione: Servizi sociali, non paga."],
        ),
        (
            {},
            {"isee": {"effective": "next_month"}},
            ["Da quando vale un nuovo ISEE: prima per la sua validità, ora dal mese dopo."],
        ),
        ({"minimum": "1.00"}, {"minimum": "1.20"}, ["L'importo minimo passa da 1,00 € a 1,20 €."]),
        ({}, {"maximum": "5.00"}, ["Importo massimo: ora 5,00 €; prima non era scritto."]),
    ],
)
def test_steps_and_policies_are_told_by_name(
    before: dict[str, Any], after: dict[str, Any], sentences: list[str]
) -> None:
    assert told(before, after) == sentences


def test_a_cell_of_a_matrix_is_told_by_its_row_and_its_column() -> None:
    whens = [{"code": "near", "when": {"resident": True}}, {"code": "far", "when": {"resident": False}}]
    one = {"isee_to": "5000.00", "amounts": ["1.00", "2.00"]}
    other = {"isee_from": "5000.01", "amounts": ["3.00", "4.00"]}
    before = {"base": {"kind": "matrix", "columns": whens, "rows": [one, other]}}
    after = {"base": {"kind": "matrix", "columns": whens, "rows": [one, {**other, "amounts": ["3.00", "4.50"]}]}}
    assert told(before, after) == [
        "Nella fascia da 5.000,01 € in su l'importo per «non residente nel Comune» passa da 4,00 € a 4,50 €."
    ]


def test_windows_and_calendar_are_told_by_their_days() -> None:
    window = {"code": "w", "label": {"it": "Iscrizioni"}, "opens": "2026-06-01", "closes": "2026-06-30"}
    before = edition_content(windows=[window])
    after = edition_content(windows=[{**window, "closes": "2026-07-15"}, {**window, "code": "x", "late": True}])
    assert [(one.section, one.sentence) for one in changes(before, after)] == [
        ("Finestre di iscrizione", "La finestra «Iscrizioni» si chiude il 15/07/2026 invece che il 30/06/2026."),
        ("Finestre di iscrizione", "Nuova finestra «Iscrizioni»: dal 01/06/2026 al 30/06/2026."),
    ]


OTHERS: dict[Kind, Callable[[GridColumn, Any], object]] = {  # Any: what the cell holds
    Kind.MONEY: lambda _column, value: ((value or Money(0)) + Money(1)).as_decimal_string(),
    Kind.PERCENT: lambda _column, value: str(value - 1 if value else Decimal(3)),
    Kind.COUNT: lambda _column, value: (value or 0) + 1,
    Kind.DAY: lambda _column, _value: "2027-05-05",
    Kind.FLAG: lambda _column, value: not value,
    Kind.YES_NO: lambda _column, value: not value,
    Kind.CHOICE: lambda column, value: next(one for one in column.values if one != value),
    Kind.CHOICES: lambda column, value: [one for one in column.values if one not in (value or ())][:1],
    Kind.LIST: lambda column, _value: [1] if column.name == "months" else ["social_services"],
    Kind.LINES: lambda _column, _value: ["Altro?"],
    Kind.TEXT: lambda column, _value: "social_services" if column.name in ("condition", "code") else "11-11",
}
"""For each kind of cell another value that it may hold, as the language writes it."""


def edited(content: EditionContent) -> Iterator[tuple[str, EditionContent]]:
    """The content with each cell of each grid and block changed in turn, where the language allows it."""
    for piece in pieces_of(content):
        for number, row in enumerate(piece.rows):
            for column in piece.columns:
                place = f"{piece.place}[{number}].{column.name}" if piece.is_grid else f"{piece.place}.{column.name}"
                plain = msgspec.json.decode(canonical_json(content))
                *way, last = re.findall(r"[a-z_]+|\d+", place)
                node: Any = plain  # Any: plain data of the language
                for step in way:
                    node = node[int(step)] if step.isdigit() else node.setdefault(step, {})
                node[int(last) if last.isdigit() else last] = OTHERS[column.kind](column, row[column.name])
                try:
                    after = from_builtins(plain, EditionContent)
                except SchemaError:
                    continue
                if after != content:
                    yield place, after


@pytest.mark.parametrize("name", names())
def test_every_cell_of_every_act_has_its_sentence(name: str) -> None:
    content = content_of(name)
    seen = 0
    for place, after in edited(content):
        sentences = [one.sentence for one in changes(content, after)]
        assert sentences, place
        assert "Cambiano altri particolari" not in "".join(sentences), place
        assert not [one for one in sentences if "%(" in one or "Promise" in one or "None" in one], place
        seen += 1
    assert seen > 20
    assert changes(content, content) == []
