"""The office stops the ladder for a payer, lets it go on, and writes down the word of the social services."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.ladder.errors import CheckWrong, PauseWrong
from sportello.billing.ladder.models import NeedCheck, Pause
from sportello.families.models import Adult
from sportello.kernel.clock import ROME


@transaction.atomic
def pause_ladder(*, payer: Adult, reason: str, until: date, actor: int, now: datetime) -> Pause:
    """Stops it for the payer until that day, included. Raises PauseWrong."""
    if not reason.strip():
        raise PauseWrong(_("Scrivi il motivo della pausa."))
    if until < now.astimezone(ROME).date():
        raise PauseWrong(_("La pausa finisce in un giorno che deve ancora venire."))
    made = Pause.objects.create(payer=payer, reason=reason.strip(), until=until, made_at=now, made_by=actor)
    _record(payer, Action.LADDER_PAUSED, actor, now, until=until.isoformat())
    return made


@transaction.atomic
def end_pause(*, pause: Pause, actor: int, now: datetime) -> None:
    """Lets it go on before the day; one that has ended stays as it is."""
    if Pause.objects.filter(pk=pause.pk, ended_at=None).update(ended_at=now, ended_by=actor):
        _record(pause.payer, Action.LADDER_PAUSED, actor, now, until=None)


@transaction.atomic
def record_need_check(
    *, payer: Adult, checked_on: date, collectable: bool, reference: str, actor: int, now: datetime
) -> NeedCheck:
    """Keeps whether the Comune may collect, by the word named; nothing of the need itself. Raises CheckWrong."""
    if not reference.strip():
        raise CheckWrong(_("Scrivi il riferimento della risposta, per esempio il protocollo."))
    if checked_on > now.astimezone(ROME).date():
        raise CheckWrong(_("La data della risposta non può essere nel futuro."))
    made = NeedCheck.objects.create(
        payer=payer,
        checked_on=checked_on,
        collectable=collectable,
        reference=reference.strip(),
        made_at=now,
        made_by=actor,
    )
    _record(payer, Action.NEED_ASSESSED, actor, now)
    return made


def _record(payer: Adult, action: Action, actor: int, now: datetime, **details: object) -> None:
    record(action=action, actor=actor, subject_kind="adult", subject=payer.public_id, now=now, details=dict(details))
