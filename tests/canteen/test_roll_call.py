"""The roll: once a day, open days only, corrections with who, when, why; and never a word about money."""

import ast
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from services_catalog.models import Closure, ClosureKind
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.canteen import roll_call as roll_call_module
from sportello.canteen.errors import (
    AlreadyCalled,
    ClosedDay,
    FutureDay,
    MissingReason,
    NothingChanged,
    RollChanged,
    StaleRoll,
)
from sportello.canteen.models import DietKind, PresenceChange, RollCall, SpecialDiet
from sportello.canteen.roll import roll_of
from sportello.canteen.roll_call import call_roll, correct_roll
from sportello.families.models import Child
from sportello.schools.models import Section
from tests.factories import account, child, pupil, section
from tests.factories.meals import canteen_edition, place

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Classroom:
    section: Section
    children: list[Child]
    teacher: Account

    def all_present(self) -> dict[UUID, bool]:
        return {minor.public_id: True for minor in self.children}

    def call(self, presences: dict[UUID, bool] | None = None, day: date = MONDAY, now: datetime = NOW) -> RollCall:
        return call_roll(
            section=self.section,
            day=day,
            presences=self.all_present() if presences is None else presences,
            actor=self.teacher.pk,
            now=now,
        )

    def correct(self, call: RollCall, presences: dict[UUID, bool], reason: str = "Errore", version: int = 1) -> int:
        return correct_roll(
            roll_call=call, presences=presences, version=version, reason=reason, actor=self.teacher.pk, now=NOW
        )


@pytest.fixture
def classroom(bari: object) -> Classroom:
    edition, room = canteen_edition(), section()
    children = [child(family_name=name) for name in ("Abate", "Bruno", "Conte")]
    for minor in children:
        pupil(minor, room)
        place(minor, edition)
    not_subscribed, elsewhere = child(family_name="Zeta"), child(family_name="Altrove")
    pupil(not_subscribed, room)
    pupil(elsewhere)
    place(elsewhere, edition)
    return Classroom(room, children, account(Role.SCHOOL))


def test_the_roll_names_the_subscribed_children_of_the_section(classroom: Classroom) -> None:
    SpecialDiet.objects.create(
        child=classroom.children[1], kind=DietKind.MEDICAL, code="D7", valid_during=(date(2026, 9, 1), None)
    )
    lines = roll_of(classroom.section, MONDAY)
    assert [(line.child.family_name, line.diet_code, line.ate) for line in lines] == [
        ("Abate", "", None),
        ("Bruno", "D7", None),
        ("Conte", "", None),
    ]


def test_a_roll_is_called_once_and_audited(classroom: Classroom) -> None:
    absent = classroom.children[0].public_id
    presences = classroom.all_present() | {absent: False}
    first = classroom.call(presences)
    assert classroom.call(presences) == first
    assert [presence.ate for presence in first.presences.order_by("child__family_name")] == [False, True, True]
    (event,) = Event.objects.filter(action=Action.ROLL_CALLED)
    assert (event.actor, event.details) == (classroom.teacher.pk, {"day": "2026-11-23", "ate": 2, "absent": 1})


def test_a_second_tab_with_another_outcome_is_told(classroom: Classroom) -> None:
    classroom.call()
    with pytest.raises(AlreadyCalled):
        classroom.call(classroom.all_present() | {classroom.children[0].public_id: False})


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 21), "in questo giorno della settimana"),
        (date(2026, 12, 8), "Immacolata"),
        (date(2026, 12, 7), "Ponte"),
        (date(2026, 9, 14), "fuori dal calendario"),
    ],
)
def test_a_closed_day_refuses_the_roll_and_says_why(classroom: Classroom, day: date, said: str) -> None:
    Closure.objects.create(days=(date(2026, 12, 7), date(2026, 12, 8)), kind=ClosureKind.CLOSURE, reason="Ponte")
    with pytest.raises(ClosedDay, match=said):
        classroom.call(day=day, now=datetime(2026, 12, 20, tzinfo=UTC))
    assert RollCall.objects.count() == 0


def test_a_closure_of_one_section_leaves_the_others_open(classroom: Classroom) -> None:
    Closure.objects.create(
        days=(MONDAY, date(2026, 11, 24)),
        kind=ClosureKind.TRIP,
        reason="Gita",
        section=section(classroom.section.school),
    )
    classroom.call()
    Closure.objects.create(
        days=(date(2026, 11, 20), date(2026, 11, 21)), kind=ClosureKind.TRIP, reason="Gita", section=classroom.section
    )
    with pytest.raises(ClosedDay, match="Gita"):
        classroom.call(day=date(2026, 11, 20))


def test_tomorrow_is_refused_by_the_clock_of_rome(classroom: Classroom) -> None:
    """At 23:30 UTC it is already Tuesday in Rome; half an hour after midnight in Rome it is still Monday in UTC."""
    with pytest.raises(FutureDay):
        classroom.call(day=date(2026, 11, 24))
    classroom.call(day=date(2026, 11, 24), now=datetime(2026, 11, 23, 23, 30, tzinfo=UTC))


def test_a_list_that_is_not_the_one_of_now_is_refused(classroom: Classroom) -> None:
    presences = classroom.all_present()
    presences.pop(classroom.children[0].public_id)
    with pytest.raises(RollChanged):
        classroom.call(presences)


def test_a_correction_keeps_who_when_why(classroom: Classroom) -> None:
    call = classroom.call()
    corrected = classroom.children[1]
    assert classroom.correct(call, {corrected.public_id: False}, "Uscito alle 11") == 1
    (change,) = PresenceChange.objects.all()
    assert (change.ate_before, change.ate_after, change.reason) == (True, False, "Uscito alle 11")
    assert (change.changed_by, change.changed_at) == (classroom.teacher.pk, NOW)
    assert Event.objects.filter(action=Action.PRESENCE_CORRECTED, subject=str(corrected.public_id)).count() == 1


def test_a_correction_says_why_and_changes_something(classroom: Classroom) -> None:
    call = classroom.call()
    with pytest.raises(MissingReason):
        classroom.correct(call, {classroom.children[0].public_id: False}, " ")
    with pytest.raises(NothingChanged):
        classroom.correct(call, {classroom.children[0].public_id: True})
    with pytest.raises(RollChanged):
        classroom.correct(call, {child().public_id: False})


def test_of_two_tabs_the_second_looks_again(classroom: Classroom) -> None:
    call = classroom.call()
    classroom.correct(call, {classroom.children[0].public_id: False})
    with pytest.raises(StaleRoll):
        classroom.correct(call, {classroom.children[1].public_id: False})
    assert classroom.correct(call, {classroom.children[1].public_id: False}, version=2) == 1


def test_a_child_who_arrives_later_is_added_by_a_correction(classroom: Classroom) -> None:
    call = classroom.call()
    late = child(family_name="Dopo")
    pupil(late, classroom.section)
    place(late, canteen_of(classroom))
    classroom.correct(call, {late.public_id: True}, "Iscrizione di oggi")
    (change,) = PresenceChange.objects.all()
    assert (change.ate_before, change.ate_after) == (None, True)


def canteen_of(classroom: Classroom) -> Any:
    return classroom.children[0].subscriptions.get().edition


def test_a_meal_may_be_taken_from_a_closed_day_but_not_added(classroom: Classroom) -> None:
    first, second, _third = classroom.children
    call = classroom.call(classroom.all_present() | {second.public_id: False})
    Closure.objects.create(days=(MONDAY, date(2026, 11, 24)), kind=ClosureKind.STRIKE, reason="Sciopero")
    with pytest.raises(ClosedDay, match="Sciopero"):
        classroom.correct(call, {second.public_id: True})
    assert classroom.correct(call, {first.public_id: False}) == 1


def test_the_history_cannot_be_rewritten(classroom: Classroom) -> None:
    classroom.correct(classroom.call(), {classroom.children[0].public_id: False})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE canteen_presencechange SET reason = ''",
        "DELETE FROM canteen_presencechange",
        "TRUNCATE canteen_presencechange",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_no_path_leads_from_a_balance_to_no_meal() -> None:
    """Who eats is decided by who is in class. The modules that decide it know no money and no stock."""
    room = Path(roll_call_module.__file__).parent
    forbidden = ("billing", "fees", "blocks", "stock", "reckoning", "month_close", "statement")
    for name in ("roll_call.py", "roll.py", "service.py"):
        tree = ast.parse((room / name).read_text())
        imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        words = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not [
            module
            for module in imported
            if set(module.split(".")) & set(forbidden) and not module.startswith("services_catalog")
        ], name
        assert not words & {"ledger_accounts", "meal_blocks", "balance_cents", "entries"}, name
