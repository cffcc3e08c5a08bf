"""The statement as a document to keep (PDF) and as a table to work with (CSV)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sportello.canteen.statement import MealStatement, Movement
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.ui.export import Column, file_response
from sportello.ui.pdf import render_pdf
from sportello.ui.retelling import retold
from sportello.ui.templatetags.ui import it_date, money
from tenants.current import current_municipality


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row of the CSV: a meal of the month shown, or a movement with its amount."""

    child: str
    day: date
    item: str
    quantity: int | None = None
    unit_price: Money | None = None
    amount: Money | None = None


COLUMNS: tuple[Column[StatementRow], ...] = (
    Column(gettext_lazy("Bambino"), lambda row: row.child),
    Column(gettext_lazy("Data"), lambda row: row.day),
    Column(gettext_lazy("Voce"), lambda row: row.item),
    Column(gettext_lazy("Quantità"), lambda row: row.quantity),
    Column(gettext_lazy("Prezzo unitario"), lambda row: row.unit_price),
    Column(gettext_lazy("Importo"), lambda row: row.amount),
)


def statement_csv(statements: Sequence[MealStatement]) -> HttpResponse:
    """Meals of the month shown, all movements, and the balance of each child; UTF-8 with BOM, semicolons."""
    rows = [row for statement in statements for row in _rows(statement)]
    return file_response(rows, COLUMNS, file_format="csv", filename="estratto-conto-mensa")


def statement_pdf(statements: Sequence[MealStatement], *, now: datetime, archive: bool = False) -> bytes:
    """The document for the family: tagged PDF/UA-1, or PDF/A-3a for the archive."""
    return render_pdf("statement.typ", _data(statements, now), made_at=now, standard="a-3a" if archive else "ua-1")


def _rows(statement: MealStatement) -> list[StatementRow]:
    name = statement.child.full_name
    meals = [
        StatementRow(name, day, _("Pasto servito") if ate else _("Assente"), quantity=int(ate))
        for day, ate in statement.days.items()
    ]
    movements = [
        StatementRow(
            name,
            movement.entry.competence_on,
            retold(movement.entry.description),
            movement.entry.quantity,
            movement.entry.unit_price,
            movement.entry.amount,
        )
        for movement in statement.movements
    ]
    balance_on = max((row.day for row in (*meals, *movements)), default=statement.month.last_day)
    return [*meals, *movements, StatementRow(name, balance_on, _("Saldo"), amount=statement.money.balance)]


def _data(statements: Sequence[MealStatement], now: datetime) -> dict[str, Any]:
    municipality = current_municipality()
    day = it_date(now.astimezone(ROME).date(), "long")
    return {
        "title": _("Estratto conto della mensa"),
        "municipality": municipality.name,
        "office": _("Servizi scolastici"),
        "footer": _("Estratto conto della mensa, %(day)s") % {"day": day},
        "lang": (get_language() or "it")[:2],
        "situation": _("Situazione a %(day)s") % {"day": day},
        "due_label": _("Da pagare in tutto"),
        "due": money(Money.sum(statement.money.due for statement in statements)),
        "children": [_child(statement) for statement in statements],
        "words": {
            "movements": _("Movimenti"),
            "day": _("Data"),
            "item": _("Voce"),
            "amount": _("Importo"),
            "balance": _("Saldo"),
            "none": _("Nessun movimento."),
            "why": _("Perché questo importo"),
        },
    }


def _child(statement: MealStatement) -> dict[str, Any]:
    facts = [
        [_("Da pagare"), money(statement.money.due)],
        [_("A credito"), money(statement.money.credit)],
        [_("Saldo iniziale"), money(statement.money.opening)],
        [_("Addebitato"), money(-statement.money.charged)],
        [_("Rettifiche"), money(statement.money.corrected)],
        [_("Pagato"), money(statement.money.paid)],
    ]
    if statement.money.moved:
        facts.append([_("Spostato o rimborsato"), money(statement.money.moved)])
    if statement.meals_available is not None:
        facts.append([_("Pasti disponibili"), str(statement.meals_available)])
    if statement.pending_meals:
        facts.append([_("Ancora da addebitare"), money(statement.pending)])
    served = [str(day.day) for day, ate in statement.days.items() if ate]
    return {
        "name": statement.child.full_name,
        "facts": facts,
        "month": _("Pasti serviti a %(month)s: %(count)s") % {"month": statement.month.name, "count": len(served)},
        "days": _("Giorni: %(days)s.") % {"days": ", ".join(served)} if served else _("Nessun pasto in questo mese."),
        "movements": [_movement(movement) for movement in statement.movements],
        "balance": money(statement.money.balance),
    }


def _movement(movement: Movement) -> dict[str, Any]:
    return {
        "day": it_date(movement.entry.competence_on),
        "item": retold(movement.entry.description),
        "reference": movement.entry.reference,
        "amount": money(movement.entry.amount),
        "steps": [line.text for line in movement.steps],
        "act": movement.act,
    }
