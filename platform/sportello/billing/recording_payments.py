"""A clerk records what a family paid outside the desk: at the treasury, by transfer, by postal slip."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.errors import MissingReference, NotAPayment
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.families.models import Adult, Child
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
    token: UUID,
    actor: int,
    now: datetime,
    payer: Adult | None = None,
) -> bool:
    """Posts a payment in the family's favour, with its audit record; False when this token was already posted.

    `token` is drawn when the form is shown, so that sending it twice records one payment. `reference` names the
    document that proves the payment; `payer` is who paid, where the costs of the child are shared. Raises NotAPayment
    or MissingReference.
    """
    if amount.cents <= 0:
        raise NotAPayment(_("L'importo pagato deve essere maggiore di zero."))
    if paid_on > now.date():
        raise NotAPayment(_("La data del pagamento non può essere nel futuro."))
    if not reference.strip():
        raise MissingReference(_("Indica il riferimento del pagamento, per esempio il numero della ricevuta."))
    line = EntryLine(
        child_id=child.pk,
        service_code=service_code,
        kind=EntryKind.PAYMENT,
        amount=amount,
        competence_on=paid_on,
        description=gettext_noop("Pagamento registrato dall'ufficio"),
        reference=reference.strip(),
        key=f"payment:{token}",
        payer_id=None if payer is None else payer.pk,
    )
    posted = post_entries(lines=[line], now=now, actor=actor)
    if posted:
        record(
            action=Action.PAYMENT_RECORDED,
            actor=actor,
            subject_kind="child",
            subject=child.public_id,
            now=now,
            details={"service": service_code, "cents": amount.cents},
        )
    return bool(posted)
