"""Exercises are data; done is what the twin's record proves, of that person, and it survives the twin."""

from datetime import datetime, timedelta

import pytest
from django.urls import Resolver404, resolve

from onboarding.training.errors import NoTwin
from onboarding.training.exercise import Exercise, exercise_named, exercises, exercises_for
from onboarding.training.models import ExerciseDone
from onboarding.training.proving import Judgement, check_exercise
from onboarding.training.queries import administrators_trained, training_of
from sportello.accounts.models import Account, Role, Scheme
from sportello.audit.models import Action, Event
from sportello.audit.recording import record
from sportello.kernel.clock import ROME
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.twins import begin_twin_afresh
from tests.factories import account

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ROME)
TODAY = NOW.date()


def named(code: str) -> Exercise:
    found = exercise_named(code)
    assert found is not None
    return found


def mirrored(person: Account, twin: Municipality) -> Account:
    """Her account in the twin, as the passage makes it."""
    with in_schema(twin.schema_name):
        return Account.objects.create(
            public_id=person.public_id, scheme=Scheme.MIRROR, identifier=str(person.public_id), given_name="Lei"
        )


def happened(twin: Municipality, actor: Account, action: Action, subject: object = 1, **details: object) -> None:
    with in_schema(twin.schema_name):
        kind = str(details.pop("subject_kind", "application"))
        record(action=action, actor=actor.pk, subject_kind=kind, subject=subject, now=NOW, details=details)


def test_every_exercise_is_whole() -> None:
    found = exercises()
    assert [one.order for one in found] == sorted({one.order for one in found})
    for one in found:
        assert one.roles
        assert one.proof
        for said in (one.title, one.aim, *(step.says for step in one.steps), *(each.missing for each in one.proof)):
            assert said.it.strip()
            assert said.en.strip()
            assert said.it != said.en
        for page in (step.page.partition("?")[0] for step in one.steps if step.page):
            try:
                resolve(page, "sportello.config.urls_municipality")
            except Resolver404:
                pytest.fail(f"{one.code}: no page {page}")


def test_every_role_of_the_staff_has_something_to_practise() -> None:
    for role in (Role.CLERK, Role.ADMINISTRATOR, Role.SCHOOL, Role.SUPPORT):
        assert exercises_for(frozenset({role}))
    assert exercises_for(frozenset()) == ()


def test_it_is_done_when_the_record_says_so(bari: Municipality, twin: Municipality) -> None:
    clerk, exercise = account(Role.CLERK), named("accept-application")
    hers = mirrored(clerk, twin)
    other = mirrored(account(Role.CLERK), twin)

    def judged() -> Judgement:
        return check_exercise(municipality=bari, account=clerk, exercise=exercise, now=NOW)

    assert judged().missing == (exercise.proof[0].missing,)
    happened(twin, other, Action.APPLICATION_DECIDED, decision="accepted")  # somebody else's
    happened(twin, hers, Action.APPLICATION_DECIDED, decision="rejected")  # another decision
    happened(twin, hers, Action.APPLICATION_READ, decision="accepted")  # another action
    record(
        action=Action.APPLICATION_DECIDED,
        actor=hers.pk,
        subject_kind="application",
        subject=1,
        now=NOW,
        details={"decision": "accepted"},
    )  # in the Comune itself, by whoever has that number there
    assert not judged().done
    assert not ExerciseDone.objects.exists()
    happened(twin, hers, Action.APPLICATION_DECIDED, decision="accepted")
    assert judged().done
    done = ExerciseDone.objects.get()
    assert (done.account, done.exercise, done.version, done.done_at) == (clerk, "accept-application", 1, NOW)
    event = Event.objects.get(action=Action.TRAINING_CHANGED)
    assert (event.actor, event.details["exercise"]) == (clerk.pk, "accept-application")


def test_an_exercise_of_two_proofs_wants_both(bari: Municipality, twin: Municipality) -> None:
    clerk, exercise = account(Role.CLERK), named("bring-roster-in")
    hers = mirrored(clerk, twin)
    happened(twin, hers, Action.ROSTER_UPLOADED)
    judged = check_exercise(municipality=bari, account=clerk, exercise=exercise, now=NOW)
    assert judged.missing == (exercise.proof[1].missing,)
    happened(twin, hers, Action.ROSTER_COMMITTED)
    assert check_exercise(municipality=bari, account=clerk, exercise=exercise, now=NOW).done


def test_a_count_of_the_month_is_no_roll_corrected(bari: Municipality, twin: Municipality) -> None:
    clerk, exercise = account(Role.CLERK), named("correct-roll")
    hers = mirrored(clerk, twin)
    happened(twin, hers, Action.PRESENCE_CORRECTED, subject_kind="child", service="trasporto", month="2026-10")
    assert not check_exercise(municipality=bari, account=clerk, exercise=exercise, now=NOW).done
    happened(twin, hers, Action.PRESENCE_CORRECTED, subject_kind="child", day="2026-10-05", ate=False)
    assert check_exercise(municipality=bari, account=clerk, exercise=exercise, now=NOW).done


def test_who_was_never_in_the_twin_has_done_nothing(bari: Municipality, twin: Municipality) -> None:
    clerk = account(Role.CLERK)
    assert not check_exercise(municipality=bari, account=clerk, exercise=named("close-month"), now=NOW).done


def test_without_a_twin_nothing_is_judged(bitonto: Municipality) -> None:
    with pytest.raises(NoTwin):
        check_exercise(municipality=bitonto, account=account(Role.CLERK), exercise=named("close-month"), now=NOW)


def test_what_is_done_outlives_the_twin_and_counts_for_the_board(bari: Municipality, twin: Municipality) -> None:
    chief, clerk = account(Role.ADMINISTRATOR, family_name="Alfa"), account(Role.CLERK, family_name="Beta")
    account(family_name="Cittadina")
    ended = (TODAY - timedelta(days=9), TODAY)
    account(Role.CLERK, family_name="Delta", valid_during=ended)
    wanted = exercises_for(frozenset({Role.ADMINISTRATOR}))
    assert [(one.done, one.total) for one in training_of(bari, TODAY)] == [
        (0, len(wanted)),
        (0, len(exercises_for(frozenset({Role.CLERK})))),
    ]
    for one in wanted:
        ExerciseDone.objects.create(account=chief, exercise=one.code, version=one.version, done_at=NOW, event=1)
    ExerciseDone.objects.create(account=clerk, exercise=wanted[0].code, version=wanted[0].version, done_at=NOW, event=1)
    ExerciseDone.objects.create(account=clerk, exercise=wanted[1].code, version=999, done_at=NOW, event=1)
    begin_twin_afresh(municipality=bari)
    first, second = training_of(bari, TODAY)
    assert (first.is_trained, first.done) == (True, len(wanted))
    assert (second.is_trained, second.done) == (False, 1)
    assert administrators_trained(bari, TODAY) == 1
    ExerciseDone.objects.filter(account=chief).first().delete()  # type: ignore[union-attr]
    assert administrators_trained(bari, TODAY) == 0


def test_a_comune_without_a_schema_has_nobody(db: None) -> None:
    nowhere = Municipality(schema_name="c_z000", belfiore_code="Z000")
    assert training_of(nowhere, TODAY) == []
    assert administrators_trained(nowhere, TODAY) == 0
