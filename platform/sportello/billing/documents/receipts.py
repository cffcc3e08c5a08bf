"""The facts of a receipt, from its row and what it paid."""

from django.db.models import QuerySet

from services_catalog.models import Service
from sportello.billing.debts.models import DebtPosition, PaymentOption
from sportello.billing.documents.people import debtor_of
from sportello.billing.papers.settlements import SettledLine, Settlement
from sportello.billing.papers.sheets import Addressee, Payee
from sportello.billing.receipts.models import Attribution, Receipt
from sportello.kernel.money import Money


def receipts_with_facts() -> QuerySet[Receipt]:
    """Receipts that paid a notice, with all that their paper tells."""
    return (
        Receipt.objects.filter(option__isnull=False, attributions__isnull=False)
        .distinct()
        .select_related("option__position__payer")
        .prefetch_related("attributions__entry__account__child")
    )


def settlement_of(receipt: Receipt, payee: Payee, services: dict[str, str] | None = None) -> Settlement:
    """What the Node confirmed, line by line; of it the sums that paid the family's accounts.

    `services` names the services by code; without it they are read. The receipt paid a notice.
    """
    option, position = _named(receipt)
    names = dict(Service.objects.order_by("pk").values_list("code", "name")) if services is None else services
    lines = tuple(_line(one, names) for one in receipt.attributions.all())
    return Settlement(
        payee=payee,
        debtor=debtor_of(position),
        payer=Addressee(receipt.payer_name[:70], receipt.payer_code) if receipt.payer_name else None,
        subject=position.description[:60],
        notice_number=option.notice_number,
        iuv=receipt.iuv,
        receipt_id=receipt.receipt_id,
        amount=Money.sum(line.amount for line in lines),
        paid_at=receipt.paid_at or receipt.arrived_at,
        provider=receipt.psp_name,
        lines=lines,
        fee=None if receipt.fee_cents is None else Money(receipt.fee_cents),
    )


def _named(receipt: Receipt) -> tuple[PaymentOption, DebtPosition]:
    if receipt.option is None:
        raise ValueError(f"Receipt {receipt.pk} paid no notice.")
    return receipt.option, receipt.option.position


def _line(paid: Attribution, names: dict[str, str]) -> SettledLine:
    account = paid.entry.account
    name = names.get(account.service_code, account.service_code)
    return SettledLine(name, account.child.full_name, Money(paid.amount_cents))
