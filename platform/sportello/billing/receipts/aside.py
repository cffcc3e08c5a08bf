"""What becomes of money kept aside: given back, credited to a family, passed on to whom it belongs. Once, with a note.

The sum itself never changes: what was kept aside stays on record with its end.
"""

from datetime import datetime

from django.db import transaction

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.models import Entry, EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.billing.receipts.errors import AlreadyEnded, NoteMissing
from sportello.billing.receipts.models import AsideEnd, KeptAside
from sportello.families.models import Adult, Child
from sportello.kernel.clock import ROME
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money


@transaction.atomic
def refund_aside(*, aside: KeptAside, note: str, actor: int, now: datetime) -> None:
    """It was given back; the note names the order of payment. Raises AlreadyEnded, NoteMissing."""
    _end(_open(aside, note), AsideEnd.REFUNDED, note, actor, now)


@transaction.atomic
def pass_on_aside(*, aside: KeptAside, note: str, actor: int, now: datetime) -> None:
    """It was passed on to another body, to which it belonged. Raises AlreadyEnded, NoteMissing."""
    _end(_open(aside, note), AsideEnd.PASSED_ON, note, actor, now)


@transaction.atomic
def credit_aside(
    *, aside: KeptAside, child: Child, service_code: str, payer: Adult | None, note: str, actor: int, now: datetime
) -> None:
    """It is credited to a child's account, in favour of that payer: a payment, of the day on which it came.

    Raises AlreadyEnded, NoteMissing.
    """
    held = _open(aside, note)
    came = held.receipt.paid_at or held.receipt.arrived_at
    line = EntryLine(
        child_id=child.pk,
        service_code=service_code,
        kind=EntryKind.PAYMENT,
        amount=Money(held.amount_cents),
        competence_on=came.astimezone(ROME).date(),
        description=gettext_noop("Pagamento con pagoPA, accreditato dall'ufficio"),
        reference=held.receipt.notice_number,
        key=f"aside:{held.pk}",
        payer_id=None if payer is None else payer.pk,
    )
    post_entries(lines=[line], now=now, actor=actor)
    held.entry = Entry.objects.get(idempotency_key=line.key)
    _end(held, AsideEnd.CREDITED, note, actor, now)


def _open(aside: KeptAside, note: str) -> KeptAside:
    """The row, locked, if nobody has ended it."""
    held = KeptAside.objects.select_for_update(of=("self",)).select_related("receipt").get(pk=aside.pk)
    if held.end:
        raise AlreadyEnded
    if not note.strip():
        raise NoteMissing
    return held


def _end(held: KeptAside, end: AsideEnd, note: str, actor: int, now: datetime) -> None:
    held.end, held.note, held.ended_at, held.ended_by = end, note.strip()[:300], now, actor
    held.save(update_fields=["end", "note", "ended_at", "ended_by", "entry"])
    record(
        action=Action.ASIDE_ENDED,
        actor=actor,
        subject_kind="kept_aside",
        subject=held.public_id,
        now=now,
        details={"end": end.value, "cents": held.amount_cents},
    )
