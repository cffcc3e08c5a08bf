"""The office writes down what a family paid outside pagoPA: at the treasury, by transfer, by card, by postal slip.

One way for both pages, that of an account and that of a notice: the payment is posted with its proof and its means,
and the notices that asked for the sum are closed or ask for less, in the same transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.credits.standing import lock_payers
from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.changing import locked, record_change
from sportello.billing.debts.dues import pieces_of_stored
from sportello.billing.debts.errors import PositionIsSettled
from sportello.billing.debts.lessening import close_as_paid, left_to_pay, lessen_notices, lock_notices
from sportello.billing.debts.models import DebtPosition, PositionState
from sportello.billing.debts.shares import split_on
from sportello.billing.debts.states import PAYABLE, change_state
from sportello.billing.errors import MissingReference, NotAPayment
from sportello.billing.models import EntryKind, PaymentMeans
from sportello.billing.posting import EntryLine, accounts_of, post_entries
from sportello.families.models import Adult, Child
from sportello.kernel.clock import ROME
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money


@transaction.atomic
def record_payment(
    *,
    child: Child,
    service_code: str,
    amount: Money,
    paid_on: date,
    reference: str,
    means: PaymentMeans,
    token: UUID,
    actor: int,
    now: datetime,
    payer: Adult | None = None,
) -> bool:
    """Posts a payment in the family's favour; notices ask for it no more. False when this token was posted already.

    `token` is drawn when the form is shown, so that sending it twice records one payment. `reference` names the
    document that proves the payment, `means` how it was made: the tax return asks. `payer` is who paid, where the costs
    of the child are shared; without one each bears her share of it. Raises NotAPayment or MissingReference.
    """
    if amount.cents <= 0:
        raise NotAPayment(_("L'importo pagato deve essere maggiore di zero."))
    proof = _Proof(paid_on, reference, means)
    proof.check(now)
    account = accounts_of({(child.pk, service_code)})[child.pk, service_code]
    bearers = bearers_of([child.pk])
    shares, payers = bearers.shares.get(child.pk, ()), bearers.payers.get(child.pk, ())
    parts = split_on(amount.cents, paid_on, shares, payers) if payer is None else {payer.pk: amount.cents}
    lock_payers(*parts)
    lock_notices(account)
    who = None if payer is None else payer.pk
    line = proof.line((child.pk, service_code), amount.cents, f"payment:{token}", who)
    if not post_entries(lines=[line], now=now, actor=actor):
        return False
    hers = {one: cents for one, cents in parts.items() if one is not None}
    changed = lessen_notices(account=account, paid=hers, reason=line.reference, actor=actor, now=now)
    record(
        action=Action.PAYMENT_RECORDED,
        actor=actor,
        subject_kind="child",
        subject=child.public_id,
        now=now,
        details={"service": service_code, "cents": amount.cents, "means": means, "notices": len(changed)},
    )
    return True


@transaction.atomic
def record_paid_elsewhere(
    *, position: DebtPosition, paid_on: date, reference: str, means: PaymentMeans, actor: int, now: datetime
) -> Money:
    """All that the notice still asks was paid outside pagoPA: posts it, closes the notice, says how much.

    Money that still comes for the notice is kept aside (P21). Raises MissingReference, NotAPayment, PositionIsSettled
    when nothing of it is open.
    """
    proof = _Proof(paid_on, reference, means)
    proof.check(now)
    held = locked(position)
    if held.state == PositionState.EXPIRED:
        change_state(position=held, after=PositionState.VALID, actor=actor, now=now, reason=reference)
    if held.state not in PAYABLE:
        raise PositionIsSettled
    options = left_to_pay(held)
    lines, siblings = list(held.lines.select_related("account")), list(held.options.all())
    cents: dict[int, int] = {}
    for piece in (piece for option in options for piece in pieces_of_stored(option, lines, siblings)):
        cents[piece.line_id] = cents.get(piece.line_id, 0) + piece.cents
    entries = [
        proof.line(
            (line.account.child_id, line.account.service_code),
            cents[line.pk],
            f"elsewhere:{held.pk}:{line.number}",
            held.payer_id,
        )
        for line in lines
        if cents.get(line.pk)
    ]
    post_entries(lines=entries, now=now, actor=actor)
    close_as_paid(held, options, reference, actor, now)
    paid = Money(sum(cents.values()))
    record_change(held, "paid_elsewhere", actor, now, cents=paid.cents, means=means)
    return paid


@dataclass(frozen=True, slots=True)
class _Proof:
    """When and how it was paid, and what proves it."""

    paid_on: date
    reference: str
    means: PaymentMeans

    def check(self, now: datetime) -> None:
        """Raises NotAPayment, MissingReference."""
        if self.paid_on > now.astimezone(ROME).date():
            raise NotAPayment(_("La data del pagamento non può essere nel futuro."))
        if not self.reference.strip():
            raise MissingReference(_("Indica il riferimento del pagamento, per esempio il numero della ricevuta."))

    def line(self, account: tuple[int, str], cents: int, key: str, payer_id: int | None) -> EntryLine:
        """The entry of the ledger; `account` is child and service."""
        return EntryLine(
            child_id=account[0],
            service_code=account[1],
            kind=EntryKind.PAYMENT,
            amount=Money(cents),
            competence_on=self.paid_on,
            description=gettext_noop("Pagamento registrato dall'ufficio"),
            reference=self.reference.strip()[:80],
            key=key,
            payer_id=payer_id,
            means=self.means,
        )
