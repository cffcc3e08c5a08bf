"""The statement (visura) of the canteen: meals day by day, meals left, what is due, what was paid, to the cent."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from services_catalog.models import Edition, Service
from sportello.billing.debts.parts import WHOLE, SeenParts
from sportello.billing.models import Entry
from sportello.billing.statements import Statement, statements_of
from sportello.canteen.closed_days import roll_calls_on_closed_days
from sportello.canteen.models import Presence
from sportello.canteen.month import Month
from sportello.canteen.month_calendar import ClosedDay, closed_days_of
from sportello.canteen.pending import Pending, Waiting
from sportello.canteen.service import canteen_service
from sportello.canteen.stock import meals_available
from sportello.families.models import Child, Pupil
from sportello.families.queries import placements_on
from sportello.fees.deciding import steps_from_json
from sportello.fees.explanation import Line, act_sentence, explain
from sportello.fees.telling import Told
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry with the explanation of its price: the steps in plain words, and the act."""

    entry: Entry
    steps: tuple[Line, ...]
    act: str
    act_url: str
    whole: Money | None = None
    """The whole amount, where the entry is one payer's part of it."""

    @property
    def told(self) -> Told:
        """Why this amount: the steps of the unit price, then how many units make the charge."""
        steps: list[dict[str, Any]] = [
            {"label": line.text, "amount": line.amount, "act_label": self.act, "act_url": self.act_url}
            for line in self.steps
        ]
        part = abs(self.entry.amount)
        unit_price, total = self.entry.unit_price, abs(self.whole) if self.whole is not None else part
        last = self.steps[-1].amount if self.steps else None
        if unit_price is not None and last == unit_price and total != unit_price:
            words = {"number": abs(self.entry.quantity), "price": unit_price.format()}
            steps.append({"label": _("Quantità: %(number)s per %(price)s") % words, "amount": total})
        if part != total:
            steps.append({"label": _("La tua parte"), "amount": part})
        return Told(part, "", steps, self.act, self.act_url)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the month as the page draws it: `ate` None where no roll was called, `closed` a word on closed days."""

    day: date
    inside: bool
    ate: bool | None
    closed: str = ""


@dataclass(frozen=True, slots=True)
class MealStatement:
    """The canteen of one child. `meals_available` is None where the Comune does not sell meals in advance.

    `pending` is what the meals of months not closed yet will cost at the prices decided so far.
    """

    money: Statement
    placement: Pupil | None
    movements: tuple[Movement, ...]
    meals_available: int | None
    months: tuple[Month, ...]
    month: Month
    days: dict[date, bool]
    pending_meals: int
    pending: Money
    pending_why: tuple[Waiting, ...] = ()
    closed: tuple[ClosedDay, ...] = ()

    @property
    def child(self) -> Child:
        return self.money.child

    @property
    def meals(self) -> int:
        """Meals served in the month shown."""
        return sum(self.days.values())

    @property
    def meals_left(self) -> int:
        """Meals available, never below zero."""
        return max(0, self.meals_available or 0)

    @property
    def meals_beyond(self) -> int:
        """Meals eaten beyond those bought: the next close opens a block for them."""
        return max(0, -(self.meals_available or 0))

    @property
    def weeks(self) -> list[list[CalendarDay]]:
        """The month shown in weeks from Monday to Friday; longer where a meal was served at the week-end."""
        length = max([5, *(day.weekday() + 1 for day in self.days)])
        words = {closed.day: closed.word for closed in self.closed}
        start = self.month.first_day - timedelta(days=self.month.first_day.weekday())
        weeks = []
        while start <= self.month.last_day:
            days = [start + timedelta(days=at) for at in range(length)]
            if any(Month.of(day) == self.month for day in days):
                weeks.append(
                    [
                        CalendarDay(day, Month.of(day) == self.month, self.days.get(day), words.get(day, ""))
                        for day in days
                    ]
                )
            start += timedelta(days=7)
        return weeks


def meal_statements(
    children: Collection[Child], *, month: Month | None, today: date, parts: SeenParts = WHOLE
) -> list[MealStatement]:
    """The statements of some children, in their order, with a number of queries that does not depend on them.

    `month` None: for each child the latest month with meals. `parts`: as for `statements_of`.
    """
    service: Service = canteen_service()
    money = statements_of(children, service.code, parts)
    stock = meals_available(children, service)
    placements = placements_on(children, today)
    days = _days(children, service)
    editions = _editions(money)
    pending = Pending(children, service, days)
    return [
        _statement(
            statement,
            placement=placements.get(statement.child.pk),
            available=stock.get(statement.child.pk),
            days=days.get(statement.child.pk, {}),
            month=month,
            today=today,
            editions=editions,
            pending=pending,
            parts=parts,
        )
        for statement in money
    ]


def with_closed_days(statement: MealStatement) -> MealStatement:
    """The same statement with the closed days of the month shown and why each is closed; five queries."""
    return replace(statement, closed=tuple(closed_days_of(statement.child, statement.month)))


def without_reasons(statement: MealStatement) -> MealStatement:
    """The same figures without why: the steps of a price tell of the ISEE and of the family."""
    movements = tuple(Movement(movement.entry, (), "", "") for movement in statement.movements)
    return replace(statement, movements=movements, pending_why=())


def _days(children: Collection[Child], service: Service) -> dict[int, dict[date, bool]]:
    """Child id -> day -> whether it ate; days closed afterwards are left out, as they are never charged."""
    found: dict[int, dict[date, bool]] = {}
    presences = Presence.objects.filter(child__in=children).order_by("day", "pk")
    first = presences.first()
    if first is None:
        return found
    closed = roll_calls_on_closed_days(service, DateRange(first.day), children)
    presences = presences.exclude(roll_call__in=closed)
    for child_id, day, ate in presences.values_list("child_id", "day", "ate"):
        found.setdefault(child_id, {})[day] = ate
    return found


def _editions(money: Iterable[Statement]) -> dict[int, Edition]:
    entries = [entry for statement in money for entry in statement.entries]
    return Edition.objects.in_bulk({entry.explanation["edition"] for entry in entries if entry.explanation})


def _statement(
    money: Statement,
    *,
    placement: Pupil | None,
    available: int | None,
    days: dict[date, bool],
    month: Month | None,
    today: date,
    editions: dict[int, Edition],
    pending: Pending,
    parts: SeenParts,
) -> MealStatement:
    waiting = tuple(pending.of(money.child, days))
    months = sorted({Month.of(day) for day in days}, reverse=True)
    shown = month or (months[0] if months else Month.of(today))
    return MealStatement(
        money=money,
        placement=placement,
        movements=tuple(replace(_movement(one, editions), whole=money.wholes.get(one.pk)) for one in money.entries),
        meals_available=available,
        months=tuple(sorted({*months, shown}, reverse=True)),
        month=shown,
        days={day: ate for day, ate in days.items() if Month.of(day) == shown},
        pending_meals=sum(one.meals for one in waiting),
        pending=Money(-parts.of(money.child.pk, -Money.sum(one.amount for one in waiting).cents, today)),
        pending_why=() if parts.divides(money.child.pk) else waiting,
    )


def _movement(entry: Entry, editions: dict[int, Edition]) -> Movement:
    """The explanation an entry kept, told by the edition it names; an entry without one explains nothing."""
    kept = entry.explanation
    edition = editions.get(kept["edition"]) if kept else None
    if kept is None or edition is None:
        return Movement(entry, (), "", "")
    steps = tuple(explain(steps_from_json(kept["steps"]), edition.rules))
    return Movement(entry, steps, act_sentence(edition), edition.act_url)
