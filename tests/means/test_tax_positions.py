"""How an adult stands with the local taxes: asked for, loaded from a file, read, and forgotten."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from integrations.errors import AnswerUnreadable, ConnectorError, Unreachable
from integrations.models import Connector
from integrations.tributi import door
from integrations.tributi.reading import FileUnreadable
from integrations.tributi.types import Reason, Tax, TaxVerdict, Verdict
from sportello.audit.models import Action, Event
from sportello.families.models import Adult
from sportello.means.asking_taxes import ask_tax_position, keep_position
from sportello.means.forgetting_taxes import forget_tax_files, forget_tax_positions
from sportello.means.models import TaxFileLoad, TaxFileRow, TaxPosition
from sportello.means.tax_errors import DayInFuture, SumsNotConfirmed, TaxFileGone, TaxFileTooLarge, TaxFileTooOld
from sportello.means.tax_handing_in import hand_in_tax_file
from sportello.means.tax_loading import check_tax_file, commit_tax_file, discard_tax_file, refuse_tax_file
from sportello.means.tax_queries import tax_position_of_household, tax_positions_of
from sportello.means.tax_rules import Position
from tenants.models import Municipality
from tests.factories import adult, child
from tests.factories.progress import Silent
from tests.tributi.files import BASIS, detail, extract

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
DAY = date(2026, 11, 15)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def verdict(one: Verdict = Verdict.REGULAR, *, as_of: date = DAY, days: int = 30) -> TaxVerdict:
    reason, taxes = (Reason.UNPAID, (Tax.TARI,)) if one is Verdict.IN_ARREARS else (Reason.PAID, ())
    return TaxVerdict(one, reason, taxes, as_of, as_of + timedelta(days=days), BASIS)


def keep(person: Adult, one: TaxVerdict) -> TaxPosition:
    return keep_position(adult=person, verdict=one, source="file", actor=None, now=NOW)


def test_what_is_kept_of_a_verdict_and_nothing_else(bari: Municipality) -> None:
    person = adult()
    keep(person, verdict(Verdict.IN_ARREARS))
    kept = TaxPosition.objects.values().get()
    assert {name: kept[name] for name in kept if name not in {"id", "valid_during"}} == {
        "adult_id": person.pk,
        "verdict": "in_arrears",
        "reason": "unpaid",
        "taxes": ["TARI"],
        "as_of": DAY,
        "source": "file",
        "legal_basis": BASIS,
        "recorded_at": NOW,
    }
    assert TaxPosition.objects.get().last_day == date(2026, 12, 14)
    event = Event.objects.get(action=Action.TAX_POSITION_CHANGED)
    assert (event.subject, event.details) == (str(person.public_id), {"source": "file"})


def test_a_newer_verdict_takes_the_place_and_an_older_one_does_not(bari: Municipality) -> None:
    person = adult()
    keep(person, verdict(Verdict.IN_ARREARS))
    keep(person, verdict(as_of=date(2026, 11, 1)))
    assert TaxPosition.objects.get().verdict == "in_arrears"
    keep(person, verdict(as_of=date(2026, 11, 20)))
    assert TaxPosition.objects.get().verdict == "regular"


def test_a_position_counts_until_its_last_day(bari: Municipality) -> None:
    person = adult()
    held = keep(person, verdict())
    assert tax_positions_of([person], held.last_day) == {person.pk: held}
    assert tax_positions_of([person], held.last_day + timedelta(days=1)) == {}


def test_the_household_is_who_acts_for_the_child(bari: Municipality) -> None:
    mother, father = adult(), adult()
    minor = child(mother, father)
    keep(mother, verdict())
    assert tax_position_of_household(minor, TODAY) == Position(Verdict.UNKNOWN)
    keep(father, verdict(Verdict.IN_ARREARS))
    assert tax_position_of_household(minor, TODAY) == Position(
        Verdict.IN_ARREARS, frozenset({Tax.TARI}), date(2026, 12, 14)
    )


def answers(told: TaxVerdict | ConnectorError) -> Any:
    effect = {"side_effect": told} if isinstance(told, ConnectorError) else {"return_value": (told, "rest")}
    return patch.object(door, "ask", **effect)


def test_asking_keeps_the_answer(bari: Municipality) -> None:
    person = adult()
    with answers(verdict()) as asked:
        kept = ask_tax_position(adult=person, actor=None, now=NOW)
    assert kept is not None
    assert (kept.verdict, kept.source) == ("regular", "rest")
    asked.assert_called_once_with(fiscal_code=person.fiscal_code, reference=str(person.public_id), now=NOW)


def test_an_office_that_fails_stops_nobody_and_changes_nothing(bari: Municipality) -> None:
    person = adult()
    keep(person, verdict(Verdict.IN_ARREARS))
    with answers(AnswerUnreadable()):
        assert ask_tax_position(adult=person, actor=None, now=NOW) is None
    with answers(Unreachable()), pytest.raises(Unreachable):  # the task comes back
        ask_tax_position(adult=person, actor=None, now=NOW)
    assert TaxPosition.objects.get().verdict == "in_arrears"


def test_who_has_no_code_and_what_is_expired_is_not_kept(bari: Municipality) -> None:
    with answers(verdict(days=3)):
        assert ask_tax_position(adult=adult(), actor=None, now=NOW) is None
        assert ask_tax_position(adult=adult(fiscal_code=None), actor=None, now=NOW) is None
    assert TaxPosition.objects.count() == 0


def load(*rows: str, **fields: Any) -> TaxFileLoad:
    return check(extract(rows, **fields))


def check(content: bytes, as_of: date | None = None) -> TaxFileLoad:
    handed = hand_in_tax_file(content=content, file_name="tributi.txt", as_of=as_of, actor=None, now=NOW)
    return check_tax_file(load=handed, now=NOW)


def commit(one: TaxFileLoad, *, confirmed: bool = False) -> TaxFileLoad:
    return commit_tax_file(load=one, sums_confirmed=confirmed, actor=None, now=NOW, progress=Silent())


@pytest.fixture
def mother(bari: Municipality) -> Adult:
    return adult()


def test_from_the_file_to_the_positions_of_our_people(mother: Adult) -> None:
    stranger = "FRRSFO74M44F205C"
    checked = load(detail(1, str(mother.fiscal_code), paid=0), detail(2, stranger), detail(3, "X"))
    assert list(checked.rows.values_list("line", "verdict", "defects", "adult")) == [
        (2, "good", [], mother.pk),
        (3, "good", [], None),
        (4, "review", ["cf_check_digit"], None),
    ]
    assert (checked.counts, checked.people, TaxPosition.objects.count()) == ({"good": 2, "review": 1}, 1, 0)
    done = commit(checked)
    position = TaxPosition.objects.get()
    assert (position.adult, position.verdict, position.as_of, done.people) == (mother, "in_arrears", DAY, 1)


def test_after_the_commit_neither_file_nor_rows_are_left(mother: Adult, media: Path, db: None) -> None:
    checked = load(detail(1, str(mother.fiscal_code)))
    assert [path.is_file() for path in media.rglob(f"*{checked.public_id}*")] == [True]
    with _on_commit():
        commit(checked)
    assert list(media.rglob(f"*{checked.public_id}*")) == []
    assert TaxFileRow.objects.count() == 0


def _on_commit() -> Any:
    from django.test import TestCase

    return TestCase.captureOnCommitCallbacks(execute=True)


def test_the_same_file_is_loaded_once(mother: Adult) -> None:
    content = extract([detail(1, str(mother.fiscal_code))])
    first, twin = check(content), check(content)
    assert commit(first) == commit(first) == commit(twin) == check(content)
    assert Event.objects.filter(action=Action.TAX_FILE_COMMITTED).count() == 1


def test_sums_that_are_off_need_somebody_to_answer_for_them(mother: Adult) -> None:
    checked = load(detail(1, str(mother.fiscal_code)), off_by=100)
    with pytest.raises(SumsNotConfirmed):
        commit(checked)
    assert TaxPosition.objects.count() == 0
    commit(checked, confirmed=True)
    assert TaxPosition.objects.count() == 1
    assert Event.objects.get(action=Action.TAX_FILE_COMMITTED).details == {"people": 1, "confirmed": True}


@pytest.mark.parametrize(("day", "failure"), [("20260501", TaxFileTooOld), ("20261124", DayInFuture)])
def test_a_file_of_another_time_is_refused(mother: Adult, day: str, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        load(detail(1, str(mother.fiscal_code)), day=day)


def test_a_file_that_is_too_large_or_unreadable_leaves_nothing(mother: Adult, settings: Settings, media: Path) -> None:
    settings.TAX_FILE_MAX_BYTES = 100
    with pytest.raises(TaxFileTooLarge):
        load(detail(1, "X"))
    assert (TaxFileLoad.objects.count(), list(media.rglob("*"))) == (0, [])
    settings.TAX_FILE_MAX_BYTES = 1_000
    with _on_commit():
        handed = hand_in_tax_file(content=b"no taxes", file_name="x.txt", as_of=None, actor=None, now=NOW)
        with pytest.raises(FileUnreadable), transaction.atomic():
            check_tax_file(load=handed, now=NOW)
        refuse_tax_file(load=handed, failure="Riga 1: manca il record di testa «0».", actor=None, now=NOW)
    handed.refresh_from_db()
    assert (handed.state, handed.failure) == ("refused", "Riga 1: manca il record di testa «0».")
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_the_layout_is_the_comunes_own(mother: Adult) -> None:
    columns = [
        {"name": "fiscal_code", "heading": "CF"},
        {"name": "tax", "heading": "T"},
        {"name": "due", "heading": "D", "format": "point"},
        {"name": "paid", "heading": "P", "format": "point"},
    ]
    plain = {"legal_basis": BASIS, "layout": {"form": "csv", "separator": ",", "columns": columns}}
    Connector.objects.create(kind="tributi", adapter="file", settings=plain)
    commit(check(f"CF,T,D,P\n{mother.fiscal_code},IMU,10.50,10.50\n".encode(), as_of=DAY))
    position = TaxPosition.objects.get()
    assert (position.verdict, position.taxes, position.legal_basis) == ("regular", ["IMU"], BASIS)


def test_a_discarded_file_cannot_be_committed(mother: Adult) -> None:
    checked = load(detail(1, str(mother.fiscal_code)))
    discard_tax_file(load=checked, actor=None, now=NOW)
    with pytest.raises(TaxFileGone):
        commit(checked)


def test_what_is_past_its_day_is_forgotten(mother: Adult) -> None:
    other = adult()
    keep(mother, verdict(days=8))
    keep(other, verdict(days=9))
    load(detail(1, "X"))
    assert forget_tax_positions(today=TODAY) == 1
    assert TaxPosition.objects.get().adult == other
    assert (forget_tax_files(now=NOW + timedelta(days=7)), forget_tax_files(now=NOW + timedelta(days=8))) == (0, 1)
    assert TaxFileLoad.objects.get().state == "discarded"


def test_the_dry_run_costs_the_same_whatever_the_rows(bari: Municipality) -> None:
    spent = []
    for count in (1, 3):
        rows = [detail(number, str(adult().fiscal_code)) for number in range(1, count + 1)]
        with CaptureQueriesContext(connection) as queries:
            load(*rows)
        spent.append(len(queries))
    assert spent[0] == spent[1]
