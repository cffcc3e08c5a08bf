"""The facts of a payment notice, from its position."""

from sportello.billing.debts.models import DebtPosition, PaymentOption
from sportello.billing.documents.people import debtor_of
from sportello.billing.papers.sheets import Due, NoticeSheet, Payee

LONGEST_SUBJECT = 60


def notice_sheet(position: DebtPosition, payee: Payee) -> NoticeSheet:
    """The notice with all its ways of paying. Ask for the position with payer, lines and options at hand."""
    options = sorted(position.options.all(), key=lambda option: option.number)
    children = {line.account.child.full_name for line in position.lines.all()}
    return NoticeSheet(
        payee=payee,
        debtor=debtor_of(position),
        subject=position.description[:LONGEST_SUBJECT],
        whole=_due(options[0]),
        instalments=tuple(_due(option) for option in options[1:]),
        children=tuple(sorted(children)),
    )


def _due(option: PaymentOption) -> Due:
    return Due(option.notice_number, option.amount, option.due_on)
