"""Undo restores exactly what was before, unless somebody has since changed it: then nothing happens and it says who."""

import random
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection, models

from onboarding.errors import ChangedSince, ComuneAtWork, LoadNotReady
from onboarding.models import LoadState, RosterLoad
from onboarding.undo.obstacles import obstacles_to_undo
from onboarding.undo.witnesses import told_obstacles
from onboarding.undoing import undo_load
from onboarding.uploading import request_commit
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.audit.recording import record
from sportello.billing.verification import ledger_differences
from sportello.families.models import Adult, Child
from sportello.jobs.running import run_job
from tenants.models import Municipality
from tests.factories.people import account
from tests.factories.progress import Silent
from tests.onboarding.rosters import NOW, checked, committed, roster
from tests.onboarding.test_committing import emma, luca

ROOMS = ("families", "schools", "means", "canteen", "enrolment", "billing", "applications")


def everything() -> dict[str, list[str]]:
    """Every row of every table of the rooms, as text."""
    tables: list[type[models.Model]] = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return {
        model._meta.label: sorted(map(repr, model._default_manager.order_by("pk").values_list())) for model in tables
    }


def undone(load: RosterLoad) -> RosterLoad:
    return undo_load(load=load, now=NOW + timedelta(hours=2), actor=None, progress=Silent())


def test_the_first_load_is_undone_to_nothing(ready: Municipality) -> None:
    before = everything()
    load = committed(roster(emma(), luca()))
    assert everything() != before
    assert undone(load).state == LoadState.UNDONE
    assert everything() == before
    assert ledger_differences() == []
    assert Event.objects.filter(action=Action.LOAD_UNDONE, subject=str(load.public_id)).count() == 1


def test_a_later_load_is_undone_to_the_one_before(ready: Municipality) -> None:
    committed(roster(emma(), luca()))
    before = everything()
    changed = roster(
        emma(CLASSE="4", SALDO="50,00", ISEE="9.000,00", INDIRIZZO="VIA NUOVA"), luca(DIETA="VEG", SALDO="-20,00")
    )
    load = committed(changed, today=date(2026, 12, 1))
    assert everything() != before
    undone(load)
    assert everything() == before
    assert ledger_differences() == []


def test_undone_loads_can_be_committed_again(ready: Municipality) -> None:
    load = committed(roster(emma(), luca()))
    undone(load)
    again = committed(roster(emma(), luca()))
    assert again.result["children_created"] == 2
    undone(again)
    assert not Child.objects.exists()


def test_what_somebody_changed_since_stops_the_undo_and_says_who(ready: Municipality) -> None:
    load = committed(roster(emma(), luca()))
    clerk = account(Role.CLERK)
    girl = Child.objects.get(legacy_id="000001")
    girl.address = "VIA CAMBIATA 1"
    girl.save()
    record(
        action=Action.CHILD_CHANGED,
        actor=clerk.pk,
        subject_kind="child",
        subject=girl.public_id,
        now=NOW + timedelta(hours=1),
    )
    before = everything()
    with pytest.raises(ChangedSince):
        undone(load)
    assert everything() == before
    count, found = obstacles_to_undo(load)
    assert count == 1
    told = told_obstacles(load, found)[0]
    assert (told.whom, told.what, told.who) == (girl.full_name, "È cambiato: i dati del bambino.", clerk.full_name)


def test_what_was_built_on_it_stops_the_undo(ready: Municipality) -> None:
    load = committed(roster(emma(), luca()))
    payer = Adult.objects.get()
    other = Child.objects.create(given_name="ADA", family_name="RUSSO", sex="F")
    payer.guardianships.create(child=other, valid_during=(date(2026, 1, 1), date(2030, 1, 1)))
    with pytest.raises(ChangedSince):
        undone(load)
    _count, found = obstacles_to_undo(load)
    assert [(each.why, each.table, each.by) for each in found] == [("used", "families_adult", "families_guardianship")]


CHANGES = {
    "CLASSE": ("2", "3", "5"),
    "SEZ": ("A", "B", "D"),
    "DIETA": ("", "CEL", "VEG", "LATT"),
    "SALDO": ("-12,50", "0,00", "50,00"),
    "ISEE": ("", "9.000,00", "24.000,01"),
    "INDIRIZZO": ("VIA ROMA", "VIA NUOVA", ""),
    "EMAIL": ("", "nuova@example.org"),
    "TELEFONO": ("0805745738", "3331234567"),
}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_a_load_changes_undo_gives_back(ready: Municipality, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 -- no secret

    def some() -> bytes:
        rows = [make(**{name: dice.choice(values) for name, values in CHANGES.items()}) for make in (emma, luca)]
        return roster(*rows[: dice.choice((1, 2))])

    standing = []
    for week in range(3):
        before = everything()
        standing.append(
            (before, committed(some(), today=date(2026, 11, 23) + timedelta(days=7 * week * dice.choice((0, 1)))))
        )
    for before, load in reversed(standing):
        assert obstacles_to_undo(load) == (0, [])
        undone(load)
        assert everything() == before
    assert ledger_differences() == []


def test_while_one_load_is_written_another_operator_is_told(ready: Municipality) -> None:
    first, second = checked(roster(emma())), checked(roster(emma(), luca()))
    request_commit(load=first, actor=None, now=NOW)
    with pytest.raises(ComuneAtWork) as told:
        request_commit(load=second, actor=None, now=NOW)
    assert "elenco.csv" in str(told.value)
    run_job(public_id=RosterLoad.objects.get(pk=first.pk).job.public_id, now=lambda: NOW)
    request_commit(load=second, actor=None, now=NOW)


def test_a_load_is_written_alone(ready: Municipality) -> None:
    """The lock stands until the end of the transaction: whoever comes second waits, whatever started it."""
    committed(roster(emma()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
        )
        assert cursor.fetchone()[0] == 1


def test_an_older_load_waits_for_the_later_one(ready: Municipality) -> None:
    first = committed(roster(emma(), luca()))
    second = committed(roster(emma(CLASSE="4", SALDO="50,00"), luca()), today=date(2026, 12, 1))
    with pytest.raises(ChangedSince):
        undone(first)
    _count, found = obstacles_to_undo(first)
    assert any("elenco.csv" in told.who for told in told_obstacles(first, found))
    before_all = everything()
    undone(second)
    assert everything() != before_all
    undone(first)
    assert not Child.objects.exists()


def test_only_a_committed_load_can_be_undone(ready: Municipality) -> None:
    load = committed(roster(emma()))
    undone(load)
    assert undone(load).state == LoadState.UNDONE
    with pytest.raises(LoadNotReady):
        undone(checked(roster(emma())))
