"""Whether an exercise was really done: asked of the twin's record, never of the person."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from onboarding.training.errors import NoTwin
from onboarding.training.exercise import Exercise, Proof, Said
from onboarding.training.models import ExerciseDone
from sportello.accounts.models import Account
from sportello.audit.models import Action, Event
from sportello.audit.recording import record
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.twins import twin_of


@dataclass(frozen=True, slots=True)
class Judgement:
    """Done, or what is still missing."""

    done: bool
    missing: tuple[Said, ...] = ()


@transaction.atomic
def check_exercise(*, municipality: Municipality, account: Account, exercise: Exercise, now: datetime) -> Judgement:
    """Looks into the twin for what the person did there and, when nothing is missing, keeps the exercise as done.

    `municipality` is the Comune, and `account` hers in it. What was once done stays done, also when the twin has
    been begun afresh. Raises NoTwin.
    """
    done = ExerciseDone.objects.filter(account=account, exercise=exercise.code, version=exercise.version)
    if done.exists():
        return Judgement(done=True)
    found = _proofs(municipality, account, exercise)
    missing = tuple(proof.missing for proof, event in found if event is None)
    if missing:
        return Judgement(done=False, missing=missing)
    ExerciseDone.objects.create(
        account=account,
        exercise=exercise.code,
        version=exercise.version,
        done_at=now,
        event=max(event for _proof, event in found if event is not None),
    )
    record(
        action=Action.TRAINING_CHANGED,
        actor=account.pk,
        subject_kind="account",
        subject=account.public_id,
        now=now,
        details={"event": "exercise_done", "exercise": exercise.code, "version": exercise.version},
    )
    return Judgement(done=True)


def _proofs(municipality: Municipality, account: Account, exercise: Exercise) -> list[tuple[Proof, int | None]]:
    """Each proof with the record that gives it."""
    twin = twin_of(municipality)
    if twin is None:
        raise NoTwin
    with in_schema(twin.schema_name):
        mirrored = Account.objects.filter(public_id=account.public_id).first()
        if mirrored is None:
            return [(proof, None) for proof in exercise.proof]
        return [(proof, _event_of(proof, mirrored.pk)) for proof in exercise.proof]


def _event_of(proof: Proof, actor: int) -> int | None:
    """The last of the records that prove it, if there are enough about different subjects."""
    events = Event.objects.filter(action=proof.action, actor=actor)
    if proof.subject_kind:
        events = events.filter(subject_kind=proof.subject_kind)
    if proof.details:
        events = events.filter(details__contains=dict(proof.details))
    if proof.having:
        events = events.filter(details__has_keys=list(proof.having))
    found = events.order_by("pk").values_list("subject", "pk")
    latest = dict(found)
    return max(latest.values()) if len(latest) >= proof.times else None
