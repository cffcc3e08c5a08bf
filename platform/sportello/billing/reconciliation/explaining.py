"""A person writes why a difference is none. The note stays; the difference leaves the count."""

from datetime import datetime

from django.db import transaction

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.receipts.models import Receipt
from sportello.billing.reconciliation.errors import AlreadyExplained, ExplanationMissing
from sportello.billing.reconciliation.models import Explanation, Flow, FlowLine


@transaction.atomic
def explain(*, what: FlowLine | Receipt | Flow, note: str, actor: int, now: datetime) -> None:
    """Raises ExplanationMissing, AlreadyExplained."""
    words = note.strip()[:300]
    if not words:
        raise ExplanationMissing
    field = {FlowLine: "line", Receipt: "receipt", Flow: "flow"}[type(what)]
    row = Explanation(note=words, written_at=now, written_by=actor, **{field: what})
    Explanation.objects.bulk_create([row], ignore_conflicts=True)
    if not Explanation.objects.filter(**{field: what}, written_at=now, written_by=actor, note=words).exists():
        raise AlreadyExplained
    record(
        action=Action.DIFFERENCE_EXPLAINED,
        actor=actor,
        subject_kind=field,
        subject=what.public_id,
        now=now,
        details={},
    )
