"""A parent asks for credit back at the end of the cycle; the office pays it, or says why not."""

from datetime import datetime

from django.db import IntegrityError, transaction

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.credits.errors import AlreadyAsked, NotEnoughCredit, NotYours, RequestEnded, WordMissing
from sportello.billing.credits.models import RefundRequest, RefundState
from sportello.billing.credits.standing import lock_payers, standings_of
from sportello.billing.debts.dues import owed_by
from sportello.billing.models import Entry, EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.families.models import Adult
from sportello.kernel.clock import ROME
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

_REFUND = gettext_noop("Credito rimborsato")


@transaction.atomic
def ask_refund(*, ledger: int, iban: str, holder: str, person: Account, now: datetime) -> RefundRequest:
    """Asks the office to give back the whole credit of the account to that bank account.

    The credit stays usable until the office pays. Raises NotYours, NotEnoughCredit, AlreadyAsked.
    """
    held = next((one for one in standings_of(person, now.astimezone(ROME).date()) if one.ledger.pk == ledger), None)
    if held is None or held.payer_id is None:
        raise NotYours
    if not held.credit:
        raise NotEnoughCredit(held.credit)
    try:
        with transaction.atomic():
            made = RefundRequest.objects.create(
                ledger=held.ledger,
                payer=Adult.objects.get(pk=held.payer_id),
                asked_by=person,
                asked_at=now,
                amount_cents=held.credit.cents,
                iban=iban,
                holder=holder,
            )
    except IntegrityError as error:
        if "refund_one_open" not in str(error):
            raise
        raise AlreadyAsked from error
    _record(made, Action.REFUND_ASKED, person.pk, now)
    return made


@transaction.atomic
def pay_refund(*, request: RefundRequest, reference: str, actor: int, now: datetime) -> RefundRequest:
    """The office has paid it, as the document `reference` proves: the sum leaves the account.

    Raises WordMissing, RequestEnded, NotEnoughCredit where the credit has been used meanwhile.
    """
    held = _to_end(request, reference)
    lock_payers(held.payer_id)
    credit = Money(max(0, -owed_by(held.payer_id, [held.ledger_id]).get(held.ledger_id, 0)))
    if credit < held.amount:
        raise NotEnoughCredit(credit)
    line = EntryLine(
        child_id=held.ledger.child_id,
        service_code=held.ledger.service_code,
        kind=EntryKind.REFUND,
        amount=-held.amount,
        competence_on=now.astimezone(ROME).date(),
        description=_REFUND,
        reference=reference.strip()[:80],
        key=f"refund:{held.public_id}",
        payer_id=held.payer_id,
    )
    post_entries(lines=[line], now=now, actor=actor)
    held.entry = Entry.objects.get(idempotency_key=line.key)
    return _ended(held, RefundState.PAID, reference, actor, now)


@transaction.atomic
def refuse_refund(*, request: RefundRequest, reason: str, actor: int, now: datetime) -> RefundRequest:
    """The office does not pay it, and says why. Raises WordMissing, RequestEnded."""
    return _ended(_to_end(request, reason), RefundState.REFUSED, reason, actor, now)


def _to_end(request: RefundRequest, word: str) -> RefundRequest:
    if not word.strip():
        raise WordMissing
    held = RefundRequest.objects.select_for_update(of=("self",)).select_related("ledger__child").get(pk=request.pk)
    if held.state != RefundState.ASKED:
        raise RequestEnded
    return held


def _ended(held: RefundRequest, state: RefundState, word: str, actor: int, now: datetime) -> RefundRequest:
    held.state, held.note, held.ended_at, held.ended_by = state, word.strip()[:300], now, actor
    held.save(update_fields=["state", "note", "ended_at", "ended_by", "entry"])
    _record(held, Action.REFUND_ENDED, actor, now)
    return held


def _record(request: RefundRequest, action: Action, actor: int, now: datetime) -> None:
    record(
        action=action,
        actor=actor,
        subject_kind="refund_request",
        subject=request.public_id,
        now=now,
        details={"cents": request.amount_cents, "state": request.state},
    )
