"""The yearly certificate for the tax return (730): who paid what for whom, by date of payment (P37, P42, P43)."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from sportello.billing.papers.errors import LinesDoNotAddUp, NothingToCertify, PaidInAnotherYear
from sportello.billing.papers.heading import Heading, heading_of
from sportello.billing.papers.sharing import WHOLE
from sportello.billing.papers.sheets import Addressee, Payee, spaced
from sportello.kernel.money import Money
from sportello.ui.pdf import Standard, render_pdf
from sportello.ui.templatetags.ui import it_date, money

TEMPLATE: Final = "certificate_730.typ"


@dataclass(frozen=True, slots=True)
class Expense:
    """A payment for a child and a service. `amount` is the payer's part of `whole`, by `basis_points` of 10,000."""

    child: Addressee
    school: str
    service: str
    period: str
    whole: Money
    amount: Money
    paid_on: date
    notice_number: str
    receipt_id: str
    basis_points: int = WHOLE
    traceable: bool = True

    def __post_init__(self) -> None:
        if abs(self.amount.cents * WHOLE - self.whole.cents * self.basis_points) >= WHOLE:
            raise LinesDoNotAddUp


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that came back for an expense of `of_year`, from whom (`source`): it is not deductible (P43)."""

    child: Addressee
    service: str
    source: str
    of_year: int
    refunded_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class YearCertificate:
    """What one payer paid in one year. Credit that was never spent is no expense: `prepaid_note` says how it counts.

    Raises PaidInAnotherYear for a payment of another year, NothingToCertify when there is none.
    """

    payee: Payee
    payer: Addressee
    year: int
    number: str
    issued_on: date
    expenses: tuple[Expense, ...]
    refunds: tuple[Refund, ...] = ()
    prepaid_note: str = ""

    def __post_init__(self) -> None:
        if not self.expenses and not self.refunds:
            raise NothingToCertify(year=self.year)
        if any(expense.paid_on.year != self.year for expense in self.expenses):
            raise PaidInAnotherYear(year=self.year)

    @property
    def paid(self) -> Money:
        """Paid in the year by traceable means: only that may be deducted."""
        return Money.sum(expense.amount for expense in self.expenses if expense.traceable)

    @property
    def refunded(self) -> Money:
        """What came back of the expenses of this year."""
        return Money.sum(refund.amount for refund in self.refunds if refund.of_year == self.year)

    @property
    def borne(self) -> Money:
        """Paid less refunded."""
        return self.paid - self.refunded


def certificate_pdf(certificate: YearCertificate, *, made_at: datetime, standard: Standard = "ua-1") -> bytes:
    """The certificate as PDF/UA-1, or PDF/A-3a for the archive."""
    return render_pdf(TEMPLATE, _data(certificate), made_at=made_at, standard=standard)


def _data(told: YearCertificate) -> dict[str, Any]:
    title = f"Attestazione dei pagamenti {told.year} per servizi scolastici"
    footer = f"Attestazione {told.number} del {it_date(told.issued_on)}"
    return heading_of(Heading(told.payee, title, footer)) | {
        "year": str(told.year),
        "payer": told.payer.full_name,
        "payer_code": told.payer.fiscal_code,
        "issuer_code": told.payee.fiscal_code,
        "number": told.number,
        "issued_on": it_date(told.issued_on),
        "sums": [
            [f"Pagato nel {told.year} con mezzi tracciabili", money(told.paid)],
            [f"Rimborsato, di spese del {told.year}", money(told.refunded)],
            ["Spesa rimasta a carico", money(told.borne)],
        ],
        "children": _children([expense for expense in told.expenses if expense.traceable]),
        "untraceable": _children([expense for expense in told.expenses if not expense.traceable]),
        "refunds": [_refund(refund) for refund in told.refunds],
        "shared": any(expense.basis_points != WHOLE for expense in told.expenses),
        "prepaid_note": told.prepaid_note,
    }


def _children(expenses: list[Expense]) -> list[dict[str, Any]]:
    """One part for each child, in it one table for each service."""
    ordered = sorted(expenses, key=_place)
    return [
        {
            "name": child.full_name,
            "code": child.fiscal_code,
            "services": [_service(list(rows)) for _key, rows in groupby(theirs, lambda row: (row.service, row.school))],
        }
        for child, theirs in groupby(ordered, lambda expense: expense.child)
    ]


def _place(expense: Expense) -> tuple[str, str, str, str, date, str]:
    child = expense.child
    return (child.full_name, child.fiscal_code, expense.service, expense.school, expense.paid_on, expense.notice_number)


def _service(rows: list[Expense]) -> dict[str, Any]:
    return {
        "name": rows[0].service,
        "school": rows[0].school,
        "total": money(Money.sum(row.amount for row in rows)),
        "rows": [
            {
                "day": it_date(row.paid_on),
                "period": row.period,
                "notice": spaced(row.notice_number),
                "receipt": row.receipt_id,
                "share": "" if row.basis_points == WHOLE else f"{_percent(row.basis_points)} di {money(row.whole)}",
                "amount": money(row.amount),
            }
            for row in rows
        ],
    }


def _refund(refund: Refund) -> list[str]:
    about = f"{refund.child.full_name}, {refund.service}"
    return [it_date(refund.refunded_on), about, refund.source, str(refund.of_year), money(refund.amount)]


def _percent(basis_points: int) -> str:
    """Hundredths of a percent as people write them.

    >>> _percent(5_000), _percent(3_333)
    ('50%', '33,33%')
    """
    whole, rest = divmod(basis_points, 100)
    return f"{whole}%" if not rest else f"{whole},{rest:02d}".rstrip("0") + "%"
