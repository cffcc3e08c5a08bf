"""The taxonomy: every code of ours is in the official list with the same days, and days are read month first (P31)."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from integrations.errors import AnswerUnreadable
from integrations.pagopa.taxonomy import TABLE, Difference, Due, category_of, differences, is_category, read_taxonomy
from tests.pagopa.contract import OFFICIAL, needs_schemas

DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("due", "code"),
    [
        (Due.MEALS, "9/0107101TS/"),
        (Due.BUS, "9/0107102SP/"),
        (Due.NIDO, "9/0107106SP/"),
        (Due.SCHOOL_FEES, "9/0107100TS/"),
        (Due.BEFORE_SCHOOL, "9/0107103SP/"),
        (Due.LUNCH_BREAK, "9/0107104SP/"),
        (Due.AFTER_SCHOOL, "9/0107105SP/"),
        (Due.BUS_CARD, "9/0107107AP/"),
        (Due.SUMMER_CENTRE, "9/0108103TS/"),
        (Due.NOTIFICATION, "9/0103100TS/"),
        (Due.STAMP_DUTY, "9/0115103TS/"),
    ],
)
def test_each_due_has_its_code(due: Due, code: str) -> None:
    assert category_of(due, on=DAY) == code
    assert is_category(code, on=DAY)


def test_a_code_holds_on_its_days_alone() -> None:
    assert category_of(Due.NIDO, on=date(2020, 11, 1)) == "9/0107106SP/"
    assert not is_category("9/0107106SP/", on=date(2020, 10, 31))
    with pytest.raises(LookupError):
        category_of(Due.NIDO, on=date(2020, 1, 11))


@needs_schemas
def test_our_table_is_the_official_one() -> None:
    whole = read_taxonomy((OFFICIAL / "taxonomy" / "tassonomia_440f484.json").read_bytes())
    assert len(whole) == 623
    assert differences(whole) == []
    subset = read_taxonomy((OFFICIAL / "taxonomy" / "school_subset.json").read_bytes())
    assert next(row.starts_on for row in subset if row.code == "9/0107106SP/") == date(2020, 11, 1)
    assert any(row.starts_on == date(2021, 2, 15) for row in whole)


def test_a_newer_list_says_what_it_changes() -> None:
    official = [row for rows in TABLE.values() for row in rows]
    assert differences(official) == []
    ended = [
        replace(row, ends_on=DAY) if row.code == "9/0107101TS/" else row for row in official if "102SP" not in row.code
    ]
    [meals, bus] = differences(ended)
    assert meals == Difference(Due.MEALS, TABLE[Due.MEALS][0], replace(TABLE[Due.MEALS][0], ends_on=DAY))
    assert bus == Difference(Due.BUS, TABLE[Due.BUS][0], None)


def test_the_last_day_is_not_among_them() -> None:
    row = replace(TABLE[Due.MEALS][0], ends_on=DAY)
    assert (row.holds(DAY), row.holds(DAY - timedelta(days=1))) == (False, True)


@pytest.mark.parametrize("day", ["2020-11-01", "13/01/2020", "31/12/2020", ""])
def test_a_day_of_another_kind_is_refused(day: str) -> None:
    row = {
        "DATI SPECIFICI DI INCASSO": "9/0107101TS/",
        "TIPO SERVIZIO": "x",
        "DATA INIZIO VALIDITA": day,
        "DATA FINE VALIDITA": "01/01/2080",
    }
    with pytest.raises(AnswerUnreadable):
        read_taxonomy(json.dumps([row]).encode())


@pytest.mark.parametrize("content", [b"", b"{}", b'[{"a": 1}]', b"\xff"])
def test_what_is_no_taxonomy(content: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        read_taxonomy(content)
