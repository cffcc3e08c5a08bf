"""The office recognises that a child is in a condition a fee reads by name: a disability, a family in need."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.models import Child
from sportello.fees.models import RecognisedCondition
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError


class ConditionAlreadyRecognised(DomainError):
    """The same condition is recognised for some of those days."""


@transaction.atomic
def recognise_condition(
    *, child: Child, condition: str, during: DateRange, reason: str, actor: Account | None, now: datetime
) -> RecognisedCondition:
    """Recognise a condition for a period; prices follow when they are next decided. Leaves an audit record."""
    Child.objects.select_for_update().get(pk=child.pk)
    held = RecognisedCondition.objects.filter(child=child, condition=condition, valid_during__overlap=during.bounds)
    if held.exists():
        raise ConditionAlreadyRecognised(_("Questa condizione è già riconosciuta in quei giorni."))
    made = RecognisedCondition.objects.create(
        child=child, condition=condition, valid_during=during.bounds, reason=reason, recognised_at=now
    )
    record(
        action=Action.CHILD_CHANGED,
        actor=None if actor is None else actor.pk,
        subject_kind="child",
        subject=child.public_id,
        now=now,
        details={"event": "condition_recognised"},
    )
    return made
