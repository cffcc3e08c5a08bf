"""Letters about what was not paid (sollecito), and the list handed to who collects by force (ingiunzione)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from sportello.billing.papers.errors import MissingText
from sportello.billing.papers.heading import Heading, heading_of
from sportello.billing.papers.notices import QR_VERSION
from sportello.billing.papers.payloads import qr_text
from sportello.billing.papers.sheets import Addressee, Due, Payee
from sportello.kernel.money import Money
from sportello.ui.codes import qr_svg
from sportello.ui.pdf import Standard, render_pdf
from sportello.ui.templatetags.ui import it_date, money

REMINDER: Final = "reminder.typ"
LIST: Final = "injunction_list.typ"
CODES_AT_MOST: Final = 4
"""Beyond, the letter names the notice numbers alone: a page of codes helps nobody."""


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A notice whose day has gone."""

    subject: str
    due: Due


@dataclass(frozen=True, slots=True)
class ReminderLetter:
    """A letter to who has not paid. Its words are the Comune's (`paragraphs`); sums, codes and days are ours.

    `way_out` says what to do for who cannot pay: instalments, social services. No letter goes without it.
    """

    payee: Payee
    debtor: Addressee
    title: str
    protocol: str
    written_on: date
    pay_by: date
    paragraphs: tuple[str, ...]
    unpaid: tuple[Unpaid, ...]
    way_out: str
    officer: str

    def __post_init__(self) -> None:
        needed = {_("Titolo"): self.title, _("Responsabile"): self.officer, _("Se non riesci a pagare"): self.way_out}
        for name, text in needed.items():
            if not text.strip():
                raise MissingText(field=name)
        if not self.unpaid:
            raise MissingText(field=_("Avvisi non pagati"))

    @property
    def total(self) -> Money:
        """What the letter asks in all."""
        return Money.sum(one.due.amount for one in self.unpaid)


@dataclass(frozen=True, slots=True)
class InjunctionLine:
    """A debt to be collected: capital, interest, costs, and the days on which its debtor was reminded."""

    debtor: Addressee
    subject: str
    due: Due
    interest: Money
    costs: Money
    reminded_on: tuple[date, ...]

    @property
    def total(self) -> Money:
        """Capital, interest and costs."""
        return self.due.amount + self.interest + self.costs


@dataclass(frozen=True, slots=True)
class InjunctionList:
    """The debts handed over together, with the act that orders it and who answers for it."""

    payee: Payee
    number: str
    act: str
    written_on: date
    officer: str
    lines: tuple[InjunctionLine, ...]


def reminder_pdf(letter: ReminderLetter, *, made_at: datetime, standard: Standard = "ua-1") -> bytes:
    """The letter as PDF/UA-1, or PDF/A-3a for the archive; each notice with its code to pay."""
    return render_pdf(REMINDER, _letter(letter), made_at=made_at, standard=standard)


def injunction_list_pdf(told: InjunctionList, *, made_at: datetime, standard: Standard = "ua-1") -> bytes:
    """The list as PDF/UA-1, or PDF/A-3a for the archive: its heading, one row a debt, the sums."""
    return render_pdf(LIST, _list(told), made_at=made_at, standard=standard)


def _letter(letter: ReminderLetter) -> dict[str, Any]:
    with_codes = len(letter.unpaid) <= CODES_AT_MOST
    return heading_of(Heading(letter.payee, letter.title, f"Protocollo {letter.protocol}")) | {
        "debtor": [letter.debtor.full_name, *letter.debtor.address],
        "debtor_code": letter.debtor.fiscal_code,
        "protocol": letter.protocol,
        "written_on": it_date(letter.written_on),
        "pay_by": it_date(letter.pay_by),
        "paragraphs": letter.paragraphs,
        "total": money(letter.total),
        "unpaid": [_unpaid(one, letter.payee, with_code=with_codes) for one in letter.unpaid],
        "way_out": letter.way_out,
        "officer": letter.officer,
        "cbill": letter.payee.cbill,
        "payee_code": letter.payee.fiscal_code,
    }


def _unpaid(one: Unpaid, payee: Payee, *, with_code: bool) -> dict[str, str]:
    due = one.due
    text = qr_text(notice_number=due.notice_number, fiscal_code=payee.fiscal_code, amount=due.amount)
    return {
        "subject": one.subject,
        "notice": due.spaced_number,
        "day": it_date(due.due_on),
        "amount": money(due.amount),
        "qr": qr_svg(text, version=QR_VERSION) if with_code else "",
        "alt": f"Codice QR per pagare l'avviso {due.spaced_number}",
    }


def _list(told: InjunctionList) -> dict[str, Any]:
    title = f"Elenco n. {told.number} delle somme da riscuotere con ingiunzione"
    lines = told.lines
    sums = (
        Money.sum(line.due.amount for line in lines),
        Money.sum(line.interest for line in lines),
        Money.sum(line.costs for line in lines),
        Money.sum(line.total for line in lines),
    )
    return heading_of(Heading(told.payee, title, f"Elenco n. {told.number} del {it_date(told.written_on)}")) | {
        "landscape": True,
        "facts": [
            ["Ente creditore", f"{told.payee.name}, codice fiscale {told.payee.fiscal_code}"],
            ["Atto che lo dispone", told.act],
            ["Data", it_date(told.written_on)],
            ["Responsabile", told.officer],
            ["Posizioni", str(len(lines))],
            ["Totale", money(sums[-1])],
        ],
        "rows": [_injunction(number, line) for number, line in enumerate(lines, start=1)],
        "sums": [money(amount) for amount in sums],
    }


def _injunction(number: int, line: InjunctionLine) -> dict[str, Any]:
    return {
        "number": str(number),
        "debtor": line.debtor.full_name,
        "code": line.debtor.fiscal_code,
        "address": ", ".join(line.debtor.address),
        "subject": line.subject,
        "notice": line.due.spaced_number,
        "day": it_date(line.due.due_on),
        "reminded": ", ".join(it_date(day) for day in line.reminded_on),
        "amounts": [money(line.due.amount), money(line.interest), money(line.costs), money(line.total)],
    }
