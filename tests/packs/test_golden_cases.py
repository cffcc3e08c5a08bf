"""Every pack of a Comune is readable, without errors of the linter, and its golden cases hold to the cent."""

from pathlib import Path

import pytest

from services_catalog.lint import errors_of, lint
from services_catalog.packs import CALENDAR, CASES, read_service, service_files
from services_catalog.patron_days import patron_days
from services_catalog.reading import from_toml
from services_catalog.schema import PackCalendar
from sportello.fees.cases import PackCases, failures
from tenants.municipal_packs import PACKS, MunicipalPack, municipal_packs

ALL = municipal_packs()
FILES = [path for pack in ALL for path in service_files(pack.folder)]


def test_there_is_a_pack_for_each_of_the_41_comuni() -> None:
    assert len(ALL) == 41
    assert len({pack.facts.belfiore_code for pack in ALL}) == 41
    assert all(pack.folder.name == f"{pack.facts.istat_code}-{pack.facts.slug}" for pack in ALL)
    assert all(pack.facts.schema_name == f"c_{pack.facts.belfiore_code.lower()}" for pack in ALL)


def test_the_packs_hold_the_schools_of_the_metropolitan_city_once_each() -> None:
    codes = [school.school_code for pack in ALL for school in pack.schools()]
    assert len(codes) == len(set(codes)) == 1055


@pytest.mark.parametrize("pack", ALL, ids=lambda pack: pack.facts.slug)
def test_the_patron_rule_of_the_comune_can_be_read(pack: MunicipalPack) -> None:
    days = patron_days(pack.facts.patron.rule, 2027)
    assert len(days) == len([part for part in pack.facts.patron.rule.split("|") if part])


def test_the_five_comuni_whose_rules_are_known_have_said_them() -> None:
    assert [f"{path.parents[1].name} {path.stem}" for path in FILES] == [
        "072004-altamura mensa",
        "072006-bari infanzia",
        "072006-bari mensa",
        "072006-bari trasporto",
        "072011-bitonto mensa",
        "072011-bitonto trasporto",
        "072023-gravina-in-puglia mensa",
        "072043-terlizzi mensa",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKS)))
def test_the_edition_has_no_holes_and_its_golden_cases_hold(path: Path) -> None:
    content = read_service(path).content
    wrong = ["fees_to_confirm"] if content.fees.to_confirm else []
    assert [error.code for error in errors_of(lint(content))] == wrong
    cases = from_toml((path.parent / CASES).read_text(encoding="utf-8"), PackCases).cases
    own = tuple(case for case in cases if case.service == path.stem)
    assert len(own) >= 5
    assert failures(own, content.fees) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKS)))
def test_what_is_supposed_is_flagged(path: Path) -> None:
    content = read_service(path).content
    assert content.assumptions
    assert content.fees.open_questions
    assert content.calendar.assumption
    calendar = from_toml((path.parent / CALENDAR).read_text(encoding="utf-8"), PackCalendar)
    assert calendar.assumption


def test_only_the_amounts_nobody_read_are_to_confirm() -> None:
    """Bitonto prints who rides for free, and of the others only that they pay from 5 to 20 euro."""
    held = [f"{path.parents[1].name} {path.stem}" for path in FILES if read_service(path).content.fees.to_confirm]
    assert held == ["072011-bitonto trasporto"]


def test_what_has_no_room_yet_takes_no_applications_here() -> None:
    """The bus has no flow of its own on this desk: no window opens, and the sheet says where to apply."""
    for path in FILES:
        if path.stem != "mensa":
            content = read_service(path).content
            assert content.windows == ()
            assert content.sheet.en is not None
            assert "non si presenta su questo sportello" in content.sheet.it.how_to
            assert "not made at this desk" in content.sheet.en.how_to


def test_bari_opens_five_windows_a_year() -> None:
    content = read_service(PACKS / "072006-bari" / "2026" / "mensa.toml").content
    assert [window.late for window in content.windows] == [False, False, False, True, True]
