"""The facts of a payment notice: who asks, who pays, how much, by when. A sheet that exists can be printed."""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Final

from django.utils.translation import gettext_lazy as _

from sportello.billing.papers.errors import AmountNotPrintable, BadNumber, MissingText, NoInstalments, TextTooLong
from sportello.billing.papers.subjects import checked_subject
from sportello.kernel.money import Money

LARGEST: Final = 999_999_999_99
LARGEST_POSTAL: Final = 99_999_999_99
_NOTICE_NUMBER: Final = re.compile(r"[0-3][0-9]{17}")


@dataclass(frozen=True, slots=True)
class PostalAccount:
    """The account at Poste and its authorisation to print: with it, the section of Poste is mandatory (P28)."""

    number: str
    holder: str
    authorisation: str

    def __post_init__(self) -> None:
        if not (self.number.isascii() and self.number.isdigit() and len(self.number) <= 12):
            raise BadNumber(field=_("Conto corrente postale"), digits=12)
        _within(_("Intestazione del conto postale"), self.holder, 50)
        _within(_("Autorizzazione alla stampa in proprio"), self.authorisation, 60)


@dataclass(frozen=True, slots=True)
class Payee:
    """The Comune as creditor: name (50), office (50), contacts (100), CBILL code in capitals (P27)."""

    name: str
    fiscal_code: str
    office: str
    contacts: str
    cbill: str
    pays_on_site: bool = True
    postal: PostalAccount | None = None
    coat_of_arms: str = ""
    """SVG of the Comune's own coat of arms, 30 mm a side; without it the corner stays white."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{11}", self.fiscal_code):
            raise BadNumber(field=_("Codice fiscale dell'ente creditore"), digits=11)
        _within(_("Ente creditore"), self.name, 50)
        _within(_("Settore"), self.office, 50)
        _within(_("Contatti"), self.contacts, 100, required=False)
        _within(_("Codice CBILL"), self.cbill, 5)
        object.__setattr__(self, "cbill", self.cbill.upper())


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is asked to pay (70 characters of name), with the lines of the address."""

    full_name: str
    fiscal_code: str
    address: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _within(_("Destinatario"), self.full_name, 70)
        _within(_("Codice fiscale del destinatario"), self.fiscal_code, 16)
        for line in self.address:
            _within(_("Indirizzo del destinatario"), line, 70)


@dataclass(frozen=True, slots=True)
class Due:
    """One way of paying: its notice number, amount and last day."""

    notice_number: str
    amount: Money
    due_on: date | None = None

    def __post_init__(self) -> None:
        if not _NOTICE_NUMBER.fullmatch(self.notice_number):
            raise BadNumber(field=_("Codice avviso"), digits=18)
        if not 0 < self.amount.cents <= LARGEST:
            raise AmountNotPrintable

    @property
    def spaced_number(self) -> str:
        """The notice number in groups of four (P27).

        >>> Due("303000000000004272", Money(4550)).spaced_number
        '3030 0000 0000 0042 72'
        """
        return spaced(self.notice_number)


@dataclass(frozen=True, slots=True)
class NoticeSheet:
    """A whole notice: one payment, or instalments, or both to choose from (P29).

    `children` are the full names of those it is about: they are never printed, and the subject may not hold them.
    """

    payee: Payee
    debtor: Addressee
    subject: str
    whole: Due | None = None
    instalments: tuple[Due, ...] = ()
    children: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        checked_subject(self.subject, children=self.children)
        if len(self.instalments) == 1 or (self.whole is None and not self.instalments):
            raise NoInstalments
        if self.payee.postal and any(due.amount.cents > LARGEST_POSTAL for due in self.dues):
            raise AmountNotPrintable

    @property
    def dues(self) -> tuple[Due, ...]:
        """Every code printed on the sheet, the whole first."""
        return (*((self.whole,) if self.whole else ()), *self.instalments)

    @property
    def total(self) -> Money:
        """What is asked in all."""
        return self.whole.amount if self.whole else Money.sum(due.amount for due in self.instalments)

    @property
    def last_day(self) -> date | None:
        """By when the whole is due; for instalments alone, the last of their days."""
        if self.whole:
            return self.whole.due_on
        return max((due.due_on for due in self.instalments if due.due_on), default=None)

    @property
    def columns(self) -> int:
        """Instalments a row: three where they divide by three, else two; sheets do not mix the two (P29)."""
        return 2 if len(self.instalments) % 3 else 3


def spaced(number: str) -> str:
    """Digits in groups of four, as people read them aloud.

    >>> spaced("303000000000004272")
    '3030 0000 0000 0042 72'
    """
    return " ".join("".join(four) for four in batched(number, 4, strict=False))


def _within(name: object, text: str, limit: int, *, required: bool = True) -> None:
    if required and not text.strip():
        raise MissingText(field=name)
    if len(text) > limit:
        raise TextTooLong(field=name, length=len(text), limit=limit)
