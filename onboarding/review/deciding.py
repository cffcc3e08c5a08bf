"""A person decides about rows that wait: the decision is kept, the rows are judged again, and it is on record."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from onboarding.checking import known_to, mapping_of
from onboarding.comparing import compare_load
from onboarding.errors import DecisionNotAllowed, LoadNotReady
from onboarding.models import Decision, DecisionAction, LoadState, RosterLoad
from onboarding.review.applying import apply_decisions
from onboarding.review.rules import MAY_STAY, Asked, column_of
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record


@transaction.atomic
def decide_rows(
    *,
    load: RosterLoad,
    asked: Asked,
    subject: str,
    action: DecisionAction,
    value: str,
    actor: Account | None,
    today: date,
    now: datetime,
) -> int:
    """Decide about every row of the source that says this (or of one row, named by `subject`), now and in later loads.

    Rows that wait are judged again at once by the same rules; returns how many of this load it spoke of.
    Raises LoadNotReady unless the load was checked and not committed, or DecisionNotAllowed.
    """
    locked = _open(load)
    mapping = mapping_of(locked)
    if action == DecisionAction.AS_IS and asked.defect not in MAY_STAY:
        raise DecisionNotAllowed(
            gettext_noop("Questo dato non si può importare così com'è: correggilo o lascialo fuori.")
        )
    if action == DecisionAction.VALUE and column_of(mapping, asked.field) is None:
        raise DecisionNotAllowed(gettext_noop("Nel file non c'è una colonna dove scrivere questo valore."))
    if action == DecisionAction.VALUE and not value.strip():
        raise DecisionNotAllowed(gettext_noop("Scrivi il valore giusto, oppure lascia fuori la riga."))
    _withdraw_former(locked, asked, subject, actor, now)
    Decision.objects.create(
        source_name=_source(locked),
        kind=locked.kind,
        subject=subject,
        defect=asked.defect,
        field=asked.field,
        written=asked.written,
        action=action,
        value=value.strip() if action == DecisionAction.VALUE else "",
        load=locked,
        decided_by=actor,
        decided_at=now,
    )
    touched = apply_decisions(load=locked, mapping=mapping, known=known_to(today=today))
    compare_load(load=locked)
    locked.save()
    record(
        action=Action.ROWS_DECIDED,
        actor=None if actor is None else actor.pk,
        subject_kind="roster_load",
        subject=locked.public_id,
        now=now,
        details={"defect": asked.defect, "action": action.value, "rows": touched, "alone": bool(subject)},
    )
    return touched


@transaction.atomic
def revoke_decision(*, decision: Decision, actor: Account | None, now: datetime) -> Decision:
    """The decision holds no more for loads to come; what was committed by it stays. Asked twice, the first counts."""
    locked = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if locked.revoked_at is not None:
        return locked
    locked.revoked_at, locked.revoked_by = now, actor
    locked.save(update_fields=["revoked_at", "revoked_by"])
    record(
        action=Action.DECISION_REVOKED,
        actor=None if actor is None else actor.pk,
        subject_kind="decision",
        subject=locked.public_id,
        now=now,
        details={"defect": locked.defect},
    )
    return locked


def _open(load: RosterLoad) -> RosterLoad:
    locked = RosterLoad.objects.select_for_update(of=("self",)).select_related("mapping").get(pk=load.pk)
    if locked.state != LoadState.CHECKED:
        raise LoadNotReady
    return locked


def _source(load: RosterLoad) -> str:
    return "" if load.mapping is None else load.mapping.source_name


def _withdraw_former(load: RosterLoad, asked: Asked, subject: str, actor: Account | None, now: datetime) -> None:
    """A new word on the same thing takes the place of the old one."""
    held = Decision.objects.filter(
        source_name=_source(load),
        subject=subject,
        defect=asked.defect,
        field=asked.field,
        written=asked.written,
        revoked_at__isnull=True,
    )
    held.update(revoked_at=now, revoked_by=actor)
