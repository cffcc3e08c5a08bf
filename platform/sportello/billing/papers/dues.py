"""The statement of dues (visura del dovuto): due, overdue and paid by child and service, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sportello.billing.papers.heading import Heading, heading_of
from sportello.billing.papers.sheets import Addressee, Payee, spaced
from sportello.kernel.money import Money
from sportello.ui.pdf import Standard, render_pdf
from sportello.ui.templatetags.ui import it_date, money, thousands

TEMPLATE: Final = "dues.typ"


@dataclass(frozen=True, slots=True)
class Owed:
    """Something asked: a charge, or an instalment. What is paid beyond it is not told here."""

    description: str
    amount: Money
    paid: Money
    due_on: date | None = None
    notice_number: str = ""

    @property
    def open(self) -> Money:
        """What is still to pay."""
        return max(self.amount - self.paid, Money.zero())

    def is_overdue(self, today: date) -> bool:
        """Something is open and its last day, which counts, has gone."""
        return bool(self.open) and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class ServiceDues:
    """A service of a child; meals are told where they are counted, the available ones where they are prepaid."""

    service: str
    owed: tuple[Owed, ...]
    credit: Money = Money.zero()  # noqa: RUF009  Money never changes
    meals_served: int | None = None
    meals_available: int | None = None


@dataclass(frozen=True, slots=True)
class ChildDues:
    """The services of a child."""

    name: str
    services: tuple[ServiceDues, ...]


@dataclass(frozen=True, slots=True)
class DuesStatement:
    """What a person owes for all children and services; `today` decides what is overdue."""

    payee: Payee
    person: Addressee
    today: date
    children: tuple[ChildDues, ...]

    def _owed(self) -> Iterable[Owed]:
        return (owed for child in self.children for service in child.services for owed in service.owed)

    @property
    def due(self) -> Money:
        """Still to pay, overdue or not."""
        return Money.sum(owed.open for owed in self._owed())

    @property
    def overdue(self) -> Money:
        """The part whose last day has gone."""
        return Money.sum(owed.open for owed in self._owed() if owed.is_overdue(self.today))

    @property
    def paid(self) -> Money:
        """Paid of what is told here."""
        return Money.sum(owed.paid for owed in self._owed())


def dues_pdf(statement: DuesStatement, *, made_at: datetime, standard: Standard = "ua-1") -> bytes:
    """The statement as PDF/UA-1 in the reader's language, or PDF/A-3a for the archive."""
    return render_pdf(TEMPLATE, _data(statement), made_at=made_at, standard=standard)


def _data(told: DuesStatement) -> dict[str, Any]:
    day = it_date(told.today, "long")
    heading = Heading(
        told.payee,
        _("Quanto devi per i servizi scolastici"),
        _("Situazione a %(day)s") % {"day": day},
        (get_language() or "it")[:2],
    )
    return heading_of(heading) | {
        "situation": _("Situazione a %(day)s") % {"day": day},
        "person": f"{told.person.full_name}, {told.person.fiscal_code}",
        "due_label": _("Da pagare in tutto"),
        "due": money(told.due),
        "sums": [[_("di cui già scaduto"), money(told.overdue)], [_("Pagato"), money(told.paid)]],
        "heads": [_("Voce"), _("Entro il"), _("Importo"), _("Pagato"), _("Da pagare")],
        "total": _("Totale"),
        "nothing": _("Niente da pagare."),
        "children": [_child(child, told.today) for child in told.children],
        "closing": _("Con il codice avviso paghi online, in banca, alla posta o in tabaccheria."),
    }


def _child(child: ChildDues, today: date) -> dict[str, Any]:
    return {"name": child.name, "services": [_service(service, today) for service in child.services]}


def _service(service: ServiceDues, today: date) -> dict[str, Any]:
    facts = []
    if service.meals_served is not None:
        facts.append([_("Pasti serviti"), thousands(service.meals_served)])
    if service.meals_available is not None:
        facts.append([_("Pasti disponibili"), thousands(service.meals_available)])
    if service.credit:
        facts.append([_("A credito"), money(service.credit)])
    return {
        "name": service.service,
        "facts": facts,
        "rows": [_row(owed, today) for owed in service.owed],
        "sums": [
            money(Money.sum(owed.amount for owed in service.owed)),
            money(Money.sum(owed.paid for owed in service.owed)),
            money(Money.sum(owed.open for owed in service.owed)),
        ],
    }


def _row(owed: Owed, today: date) -> dict[str, Any]:
    notice = _("Codice avviso %(number)s") % {"number": spaced(owed.notice_number)} if owed.notice_number else ""
    return {
        "item": owed.description,
        "notice": notice,
        "day": it_date(owed.due_on),
        "state": _("scaduto") if owed.is_overdue(today) else "" if owed.open else _("pagato"),
        "amounts": [money(owed.amount), money(owed.paid), money(owed.open)],
    }
