"""The decisions about a start: its day, the waivers, the start itself, and the way back.

Each is written in the Comune, with the name of who decided, and in the audit record of both the Comune and the central
team when the central team decides.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from onboarding.golive.check import check_named
from onboarding.golive.errors import (
    AlreadyWaived,
    DayGone,
    LegalCheck,
    NoDayChosen,
    NotAWayBack,
    NothingToWaive,
    NotInGoLiveStage,
    NotLive,
    NotReady,
    TooEarly,
)
from onboarding.golive.models import ChosenDay, Move, MoveKind, Waiver
from onboarding.golive.standing import standing_of
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.clock import ROME
from tenants.current import in_schema, is_central
from tenants.models import Municipality, Stage
from tenants.stages import ORDER, move_to_stage

REASON_TO_START: Final = "La lista dei controlli è completa."
"""Kept with the change of stage: the start has no other reason than the check-list."""


@transaction.atomic
def choose_day(*, municipality: Municipality, day: date, actor: Account, now: datetime) -> None:
    """Chooses the day of the start, or another one. Raises DayGone."""
    if day < now.astimezone(ROME).date():
        raise DayGone
    with _on_record(municipality, Action.GO_LIVE_CHANGED, actor, now, event="day_chosen", day=day.isoformat()):
        ChosenDay.objects.create(day=day, chosen_by=actor.full_name, chosen_at=now)


@transaction.atomic
def waive_check(*, municipality: Municipality, code: str, reason: str, actor: Account, now: datetime) -> None:
    """Lets the Comune start without a check; for the central team alone. Raises LegalCheck, NothingToWaive,
    AlreadyWaived.
    """
    check = check_named(code)
    if check is None or not check.blocking:
        raise NothingToWaive
    if check.legal:
        raise LegalCheck
    with _on_record(municipality, Action.GO_LIVE_CHANGED, actor, now, event="check_waived", check=code, reason=reason):
        if Waiver.objects.filter(check_code=code, withdrawn_at=None).exists():
            raise AlreadyWaived
        Waiver.objects.create(check_code=code, reason=reason, given_by=actor.full_name, given_at=now)


@transaction.atomic
def withdraw_waiver(*, municipality: Municipality, code: str, actor: Account, now: datetime) -> None:
    """The check blocks again; without effect where no waiver stands."""
    with _on_record(municipality, Action.GO_LIVE_CHANGED, actor, now, event="waiver_withdrawn", check=code):
        Waiver.objects.filter(check_code=code, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=actor.full_name)


@transaction.atomic
def go_live(*, municipality: Municipality, actor: Account, now: datetime) -> None:
    """Opens the Comune to its families: every check asked anew, now; then the stage, in one transaction.

    Raises NotInGoLiveStage, NoDayChosen, TooEarly, NotReady.
    """
    held = Municipality.objects.select_for_update().get(pk=municipality.pk)
    if held.stage != Stage.GO_LIVE:
        raise NotInGoLiveStage
    standing = standing_of(municipality=held, now=now)
    if standing.day is None:
        raise NoDayChosen
    if standing.day.day > now.astimezone(ROME).date():
        raise TooEarly(f"{standing.day.day:%d/%m/%Y}")
    if standing.blocked:
        raise NotReady(standing.blocked[0].check.title)
    waived = [row.check.code for row in standing.rows if row.state == "waived"]
    before = move_to_stage(municipality=held, stage=Stage.LIVE, by=actor.full_name, reason=REASON_TO_START, now=now)
    details = {"before": before.value, "after": Stage.LIVE.value, "waived": waived}
    with _on_record(held, Action.STAGE_CHANGED, actor, now, **details):
        Move.objects.create(kind=MoveKind.STARTED, stage=Stage.LIVE, made_by=actor.full_name, made_at=now)


@transaction.atomic
def go_back(
    *, municipality: Municipality, stage: Stage, reason: str, notice: str, actor: Account, now: datetime
) -> None:
    """Closes a live Comune to its families and takes it back to an earlier stage; nothing of it is lost.

    Families who come read the notice; the staff go on working. Raises NotLive, NotAWayBack.
    """
    held = Municipality.objects.select_for_update().get(pk=municipality.pk)
    if held.stage != Stage.LIVE:
        raise NotLive
    if ORDER.index(stage) >= ORDER.index(Stage.LIVE):
        raise NotAWayBack
    before = move_to_stage(municipality=held, stage=stage, by=actor.full_name, reason=reason, now=now)
    details = {"before": before.value, "after": stage.value, "reason": reason}
    with _on_record(held, Action.STAGE_CHANGED, actor, now, **details):
        Move.objects.create(
            kind=MoveKind.RETURNED,
            stage=stage,
            reason=reason,
            notice=notice,
            made_by=actor.full_name,
            made_at=now,
        )


@contextmanager
def _on_record(
    municipality: Municipality, action: Action, actor: Account, now: datetime, **details: object
) -> Iterator[None]:
    """The block runs in the Comune; deed and record stand or fall together, there and at the central team's."""
    central = is_central()
    with in_schema(municipality.schema_name):
        yield
        _write(action, None if central else actor.pk, municipality, now, details)
    if central:
        with in_schema(settings.CENTRAL_SCHEMA):
            _write(action, actor.pk, municipality, now, details)


def _write(
    action: Action, actor: int | None, municipality: Municipality, now: datetime, details: dict[str, object]
) -> None:
    record(
        action=action,
        actor=actor,
        subject_kind="municipality",
        subject=municipality.belfiore_code,
        now=now,
        details=details,
    )
