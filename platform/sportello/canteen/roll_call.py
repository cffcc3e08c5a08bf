"""Calling the roll: once for a section and a day; what changes afterwards is a correction with its reason.

Who eats is decided by who is in class. Nothing here reads a balance, a debt or a stock of meals, and a test holds it
to that: a child in class always eats.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.canteen.errors import AlreadyCalled, FutureDay, MissingReason, NothingChanged, RollChanged, StaleRoll
from sportello.canteen.models import Presence, PresenceChange, RollCall
from sportello.canteen.roll import RollLine, roll_of
from sportello.canteen.service import require_open
from sportello.kernel.clock import ROME
from sportello.schools.models import Section


@transaction.atomic
def call_roll(*, section: Section, day: date, presences: Mapping[UUID, bool], actor: int, now: datetime) -> RollCall:
    """Records who ate, for every child of the roll. Sending the same roll twice records it once.

    `presences` must name exactly the children on the roll. Raises FutureDay, ClosedDay (with the reason), RollChanged
    when the list is not the one of now, AlreadyCalled when it was called with another outcome.
    """
    if day > now.astimezone(ROME).date():
        raise FutureDay(_("L'appello si fa il giorno stesso, non prima."))
    require_open(section, day)
    Section.objects.select_for_update(no_key=True).get(pk=section.pk)
    known = RollCall.objects.filter(section=section, day=day).first()
    if known is not None:
        return _same_or_refused(known, presences)
    lines = _lines_named(roll_of(section, day), presences)
    roll_call = RollCall.objects.create(section=section, day=day, called_at=now, called_by=actor)
    Presence.objects.bulk_create(
        Presence(child=line.child, roll_call=roll_call, day=day, ate=presences[line.child.public_id]) for line in lines
    )
    eaten = sum(presences.values())
    record(
        action=Action.ROLL_CALLED,
        actor=actor,
        subject_kind="section",
        subject=section.pk,
        now=now,
        details={"day": day.isoformat(), "ate": eaten, "absent": len(lines) - eaten},
    )
    return roll_call


@transaction.atomic
def correct_roll(
    *, roll_call: RollCall, presences: Mapping[UUID, bool], version: int, reason: str, actor: int, now: datetime
) -> int:
    """Changes some presences of a roll already called; returns how many, each kept with who, when, why.

    Children not named keep their presence. Raises MissingReason, NothingChanged, RollChanged for a child not on the
    roll, StaleRoll when `version` is not the one of now, ClosedDay when a meal would be added to a closed day.
    """
    if not reason.strip():
        raise MissingReason(_("Scrivi perché correggi l'appello."))
    held = RollCall.objects.select_for_update(no_key=True, of=("self",)).select_related("section__school")
    current = held.get(pk=roll_call.pk)
    if current.version != version:
        raise StaleRoll(_("Qualcuno ha corretto l'appello nel frattempo: ricontrolla e ripeti la correzione."))
    lines = {line.child.public_id: line for line in roll_of(current.section, current.day, current)}
    if set(presences) - set(lines):
        raise RollChanged(_("Un bambino non è più in questo appello: ricarica la pagina."))
    changed = [(lines[key], ate) for key, ate in presences.items() if lines[key].ate is not ate]
    if not changed:
        raise NothingChanged(_("Non hai cambiato nulla."))
    if any(ate for _line, ate in changed):
        require_open(current.section, current.day)
    for line, ate in changed:
        _change(current, line, ate=ate, reason=reason.strip(), actor=actor, now=now)
    current.version += 1
    current.save(update_fields=["version"])
    return len(changed)


def _same_or_refused(known: RollCall, presences: Mapping[UUID, bool]) -> RollCall:
    recorded = dict(known.presences.order_by("pk").values_list("child__public_id", "ate"))
    if recorded != dict(presences):
        raise AlreadyCalled(_("L'appello di oggi è già stato fatto: quello che cambia è una correzione."))
    return known


def _lines_named(lines: list[RollLine], presences: Mapping[UUID, bool]) -> list[RollLine]:
    if {line.child.public_id for line in lines} != set(presences):
        raise RollChanged(_("L'elenco dei bambini è cambiato mentre lo compilavi: ricontrolla e invia di nuovo."))
    return lines


def _change(roll_call: RollCall, line: RollLine, *, ate: bool, reason: str, actor: int, now: datetime) -> None:
    presence, _created = Presence.objects.update_or_create(
        child=line.child, day=roll_call.day, defaults={"ate": ate}, create_defaults={"ate": ate, "roll_call": roll_call}
    )
    PresenceChange.objects.create(
        presence=presence,
        ate_before=line.ate,
        ate_after=ate,
        changed_at=now,
        changed_by=actor,
        reason=reason[:200],
    )
    record(
        action=Action.PRESENCE_CORRECTED,
        actor=actor,
        subject_kind="child",
        subject=line.child.public_id,
        now=now,
        details={"day": roll_call.day.isoformat(), "ate": ate},
    )
