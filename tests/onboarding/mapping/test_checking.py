"""Next week's file against last week's mapping: what is certain is followed, what is not is told."""

from onboarding.mapping.checking import Change, fit, sentence
from onboarding.mapping.structs import Column, Layout, Mapping

NAMES = ("COGNOME", "NOME", "CF", "SALDO")
FIELDS = ("child_surname", "child_given_name", "child_fiscal_code", "balance")


def layout(*names: str) -> Layout:
    return Layout(form="delimited", separator=";", header_line=1, header=names)


MAPPING = Mapping(
    kind="roster",
    layout=layout(*NAMES),
    columns=tuple(
        Column(source=name, place=place, field=field)
        for place, (name, field) in enumerate(zip(NAMES, FIELDS, strict=True), 1)
    ),
)


def test_the_same_file_changes_nothing() -> None:
    found = fit(MAPPING, layout(*NAMES))
    assert (found.mapping, found.changes, found.is_certain) == (MAPPING, (), True)


def test_columns_that_moved_are_followed() -> None:
    found = fit(MAPPING, layout("SALDO", "Cognome", "NOME ", "CF"))
    assert found.is_certain
    assert {column.field: column.place for column in found.mapping.columns} == {
        "child_surname": 2,
        "child_given_name": 3,
        "child_fiscal_code": 4,
        "balance": 1,
    }
    assert {change.what for change in found.changes} == {"moved"}
    assert sentence(found.changes[0], MAPPING) == (
        "La colonna «COGNOME» (cognome del bambino) si è spostata al posto 2."
    )


def test_a_column_that_is_gone_stops() -> None:
    found = fit(MAPPING, layout("COGNOME", "NOME", "CF"))
    assert found.changes == (Change("missing", "SALDO"),)
    assert not found.is_certain


def test_a_new_name_in_an_old_place_is_asked_about() -> None:
    found = fit(MAPPING, layout("COGNOME", "NOME", "CF", "CREDITO"))
    assert found.changes == (Change("renamed", "SALDO", 4, "CREDITO"),)
    assert not found.is_certain
    assert sentence(found.changes[0], MAPPING) == (
        "La colonna «SALDO» (saldo) non c'è: al suo posto c'è «CREDITO». È la stessa?"
    )


def test_a_new_column_is_told_and_left_unread() -> None:
    found = fit(MAPPING, layout(*NAMES, "OPERATORE"))
    assert found.changes == (Change("new", "OPERATORE", 5),)
    assert found.is_certain


def test_a_column_nobody_reads_may_go() -> None:
    unread = Mapping(
        kind="roster",
        layout=layout(*NAMES, "OPERATORE"),
        columns=(*MAPPING.columns, Column(source="OPERATORE", place=5)),
    )
    assert fit(unread, layout(*NAMES)).changes == ()


def test_a_name_that_stands_twice_now_is_asked_about() -> None:
    found = fit(MAPPING, layout("COGNOME", "NOME", "CF", "SALDO", "SALDO"))
    assert ("repeated", "SALDO") in {(change.what, change.name) for change in found.changes}
    assert not found.is_certain


def test_fixed_lines_of_another_length_stop() -> None:
    taxes = Mapping(kind="taxes", layout=Layout(form="fixed", width=160), columns=(Column(place=2, width=7),))
    found = fit(taxes, Layout(form="fixed", width=170))
    assert found.changes == (Change("width", "160", 0, "170"),)
    assert not found.is_certain
