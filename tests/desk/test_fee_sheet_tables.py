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
