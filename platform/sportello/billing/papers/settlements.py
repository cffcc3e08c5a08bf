"""What was paid, as a family keeps it: the receipt of a payment (P21, P41)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import override

from sportello.billing.papers.errors import LinesDoNotAddUp
from sportello.billing.papers.heading import Heading, heading_of
from sportello.billing.papers.sheets import Addressee, Payee, spaced
from sportello.kernel.money import Money
from sportello.ui.pdf import Standard, render_pdf
from sportello.ui.templatetags.ui import it_datetime, money

TEMPLATE: Final = "payment_receipt.typ"


@dataclass(frozen=True, slots=True)
class SettledLine:
    """A part of a payment. `about` may name the child: this paper is for the parents, the causale is not (P30)."""

    description: str
    about: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Settlement:
    """A payment that the Node confirmed. `receipt_id` is the IUR by which the accountant finds it in the flows."""

    payee: Payee
    debtor: Addressee
    payer: Addressee | None
    subject: str
    notice_number: str
    iuv: str
    receipt_id: str
    amount: Money
    paid_at: datetime
    provider: str
    lines: tuple[SettledLine, ...]
    fee: Money | None = None
    method: str = ""

    def __post_init__(self) -> None:
        if Money.sum(line.amount for line in self.lines) != self.amount:
            raise LinesDoNotAddUp


def receipt_pdf(settlement: Settlement, *, made_at: datetime, standard: Standard = "ua-1") -> bytes:
    """Who paid what to whom, when, through whom: PDF/UA-1 for the family, PDF/A-3a for the archive."""
    with override("it"):  # banks, INPS and tax offices read it
        data = _data(settlement)
    return render_pdf(TEMPLATE, data, made_at=made_at, standard=standard)


def _data(paid: Settlement) -> dict[str, Any]:
    heading = Heading(paid.payee, f"Ricevuta di pagamento {spaced(paid.notice_number)}", f"Ricevuta {paid.receipt_id}")
    facts = [
        ("Data del pagamento", it_datetime(paid.paid_at)),
        ("Codice avviso", spaced(paid.notice_number)),
        ("IUV", paid.iuv),
        ("Identificativo della ricevuta", paid.receipt_id),
        ("Ente creditore", f"{paid.payee.name}, codice fiscale {paid.payee.fiscal_code}"),
        ("Intestatario dell'avviso", _person(paid.debtor)),
        ("Chi ha pagato", _person(paid.payer) if paid.payer else "non comunicato da chi ha incassato"),
        ("Pagato tramite", paid.provider),
        ("Modo di pagamento", paid.method),
        ("Commissione", f"{money(paid.fee)}, trattenuta da {paid.provider}" if paid.fee else ""),
    ]
    return heading_of(heading) | {
        "subject": paid.subject,
        "amount": money(paid.amount),
        "facts": [pair for pair in facts if pair[1]],
        "lines": [[line.description, line.about, money(line.amount)] for line in paid.lines],
    }


def _person(person: Addressee) -> str:
    return f"{person.full_name}, codice fiscale {person.fiscal_code}"
