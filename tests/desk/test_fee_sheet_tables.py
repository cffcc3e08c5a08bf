"""Every fee table of the golden cases fits in an edition, and is drawn for families and described for the office."""

import pytest
from django.utils import translation

from services_catalog.describing import changes, describe
from services_catalog.reading import to_builtins
from services_catalog.schema import EditionContent
from sportello.desk.fee_sheet import fee_sheet
from tests.factories.editions import edition_content
from tests.fees.reading_tables import names, table_of


def content_of(name: str) -> EditionContent:
    file = table_of(name)
    return edition_content(fees=to_builtins(file.fees), conditions=[to_builtins(one) for one in file.conditions])


@pytest.mark.parametrize("name", names())
def test_a_table_is_drawn_for_families_and_described_for_the_office(name: str) -> None:
    content = content_of(name)
    with translation.override("it"):
        sheet = fee_sheet(content)
        sections = describe(content)
    assert all(len(row) == len(sheet.columns) for row in sheet.rows)
    assert len(sheet.rows) >= 1
    told = [*sheet.notes, *(f"{row.label}{row.value}" for section in sections for row in section.rows)]
    assert all(sentence and "%(" not in sentence for sentence in told)
    assert changes(content, content) == []


def test_the_circumstances_of_an_exemption_are_told_in_words() -> None:
    with translation.override("it"):
        notes = fee_sheet(content_of("mentana_mensa_conditional_exemptions")).notes
    assert notes[0] == "Bambino con disabilità, ISEE inferiore a 8.000,00 €: non paga."
    assert notes[2] == "ISEE fino a 30.000,00 €, figlio numero da 3 in su: non paga."


def test_a_column_is_headed_by_its_children_and_not_by_a_code() -> None:
    with translation.override("it"):
        sheet = fee_sheet(content_of("gasperina_mensa_matrix"))
    assert sheet.columns[:3] == [
        "ISEE",
        "Residente nel Comune, figlio numero 1",
        "Residente nel Comune, figlio numero 2",
    ]


def test_the_printed_price_is_shown_where_the_share_would_give_another() -> None:
    with translation.override("it"):
        rows = fee_sheet(content_of("uras_mensa_2024_25")).rows
    printed = [band.printed for band in table_of("uras_mensa_2024_25").fees.base.bands]  # type: ignore[union-attr]
    assert [row[1] for row in rows] == printed


def test_limits_and_further_parts_stand_beneath_the_table() -> None:
    base = {"kind": "excess_slope", "threshold": "5000.00", "lowest": "20.00", "percent_of_excess": "1.2"}
    part = {"code": "days", "unit": {"kind": "day"}, "base": {"kind": "single_price", "amount": "1.50"}}
    stated = {**part, "code": "meals", "unit": {"kind": "meal"}, "base": {"kind": "stated_amount", "name": "price"}}
    fees = {
        "unit": {"kind": "month"},
        "base": {**base, "highest": "300.00"},
        "due_maximum": "350.00",
        "parts": [part, stated],
    }
    with translation.override("it"):
        sheet = fee_sheet(edition_content(fees=fees))
    words = [str(cell).replace("\xa0", " ") for cell in sheet.rows[0]]
    assert words[1] == "20,00 €, più 1,2 % dell'ISEE oltre 5.000,00 €, al massimo 300,00 €"
    assert [note.replace("\xa0", " ") for note in sheet.notes] == [
        "Massimo di tutte le parti insieme: 350,00 €.",
        "Si aggiunge, al giorno: Prezzo unico: 1,50 €.",
        "Si aggiunge, a pasto: prezzo stabilito da un altro atto.",
    ]
