"""The editor loses nothing: every table of every act, drawn in the page and posted back, is the same to the letter."""

from functools import cache
from pathlib import Path

import pytest
from django.utils import translation

from services_catalog.grids.editing import EditionForms
from services_catalog.packs import read_service, service_files
from services_catalog.publication import fingerprint_of
from services_catalog.reading import to_builtins
from services_catalog.schema import EditionContent
from tenants.municipal_packs import municipal_packs
from tests.factories.editions import edition_content
from tests.fees.reading_tables import names, table_of
from tests.services_catalog.grids.posted_page import drawn, posted_from


def content_of(name: str) -> EditionContent:
    """An edition with the fee table of an act."""
    file = table_of(name)
    return edition_content(fees=to_builtins(file.fees), conditions=[to_builtins(one) for one in file.conditions])


@cache
def files_of_packs() -> list[Path]:
    """The service files of every Comune."""
    return [path for pack in municipal_packs() for path in service_files(pack.folder)]


def posted_back(content: EditionContent) -> EditionContent | None:
    """What the page makes of itself."""
    forms = EditionForms(content, posted_from(drawn(EditionForms(content))))
    again = forms.content()
    wrong = [one.form.errors for one in forms.blocks if one.form.errors]
    wrong += [form.errors for rowset in forms.sets for form in rowset.rows if form.errors]
    assert (wrong, forms.errors) == ([], [])
    return again


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("name", names())
def test_a_table_drawn_and_posted_back_is_the_same(name: str, language: str) -> None:
    content = content_of(name)
    with translation.override(language):
        again = posted_back(content)
    assert again == content
    assert again is not None
    assert fingerprint_of(again) == fingerprint_of(content)


def test_the_editions_of_the_comuni_too() -> None:
    files = files_of_packs()
    assert len(files) >= 3
    with translation.override("it"):
        for path in files:
            content = read_service(path).content
            assert posted_back(content) == content, path.parent.parent.name


def test_changing_one_cell_changes_nothing_else() -> None:
    content = edition_content(fees={"isee": {"effective": "next_month"}})
    with translation.override("it"):
        posted = posted_from(drawn(EditionForms(content)))
        posted["bands-1-amount"] = "2,10"
        again = EditionForms(content, posted).content()
    plain = to_builtins(content)
    plain["fees"]["base"]["bands"][1]["amount"] = "2.10"
    assert again is not None
    assert to_builtins(again) == plain
