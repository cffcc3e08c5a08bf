"""What the prices of a child make of a time that is charged once. Pure.

Where the price changes inside it, each is worked out as if it held for the whole of it (with the counts of the whole:
a ninth, an absence, a settling-in month are facts of the time, not of a price), then weighed by the days of service on
which it held. Days of service and not of the calendar: a closed day weighs nothing, so it is never charged. Equal
amounts are joined before they are weighed, so that a change that changes nothing leaves no cent behind. What the
register counts day by day (meals, days of presence) is counted on the days of each price instead. Minimum and maximum
of the whole are of the sum of all this, not of each price.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services_catalog.fee_table import Counted, FeeTable, PerDay, PerMeal, PerMonth, Tariff, Unit
from sportello.enrolment.competences import Competence, Frame, by_days, charged_here, span_of
from sportello.enrolment.registers import KEPT, Register, Registers
from sportello.fees.dues import coded_tariffs, free_units, share_of_limit, tariff_due
from sportello.fees.facts import FactNotGiven, Facts, Step, Use
from sportello.fees.operations import step
from sportello.fees.rules import limited
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError, gettext_noop
from sportello.kernel.month import Month


class LimitsOverSeveralTimes(DomainError):
    """The minimum or maximum of the whole adds up amounts of different times: no month can say it."""


@dataclass(frozen=True, slots=True)
class PricedPeriod:
    """A price that was decided: its days, the facts, the table it came from."""

    period: DateRange
    edition_id: int
    table: FeeTable
    facts: Facts


@dataclass(frozen=True, slots=True)
class ChildUse:
    """A child and the service: the days of service of its subscription, its prices in order, what the registers say.

    ``entries`` are the days on which it began when the service of that month had already begun.
    """

    days: Sequence[date]
    prices: Sequence[PricedPeriod]
    register: Register = field(default_factory=Registers)
    entries: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """What one price makes of a time: ``weight`` days of service of those of the time, None where it needs no share."""

    weight: int | None
    steps: tuple[Step, ...]
    edition_id: int

    @property
    def cents(self) -> int:
        """The amount before it is weighed."""
        return self.steps[-1].after_cents


@dataclass(frozen=True, slots=True)
class Time:
    """A time that is charged once, for a child: its days of service, seen from a frame."""

    use: ChildUse
    frame: Frame
    competence: Competence
    days: Sequence[date]


def pieces_of(time: Time, code: str) -> list[Piece]:
    """What the prices make of the line ``code`` of a time, in order; none where no price has such a part."""
    found = []
    for prices in _together(time):
        if has_limits(prices[0].table):
            found += _whole(time, prices, code)
        else:
            found += _part(time, prices[0], code)
    return found


def weighed(pieces: Sequence[Piece], days: int) -> tuple[Step, ...]:
    """One chain of steps: each amount weighed by its days out of ``days``, added to those before it."""
    chain: list[Step] = []
    for piece in _joined(pieces):
        before = chain[-1].after_cents if chain else None
        chain += piece.steps
        if piece.weight is not None and piece.weight < days:
            chain.append(step("days_share", "fees.unit", piece.cents, {"count": piece.weight, "of": days}))
        if before is not None:
            chain.append(step("together", "fees", chain[-1].after_cents, {"amount": before}))
    return tuple(chain)


def has_limits(table: FeeTable) -> bool:
    """Whether the whole has a minimum or a maximum: it is then charged as one line."""
    return table.due_minimum is not None or table.due_maximum is not None


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of one amount as one piece, explained as the first of them."""
    found: list[Piece] = []
    for piece in pieces:
        same = next((at for at, one in enumerate(found) if one.cents == piece.cents and one.weight is not None), None)
        if same is None or piece.weight is None:
            found.append(piece)
        else:
            known = found[same]
            found[same] = Piece((known.weight or 0) + piece.weight, known.steps, piece.edition_id)
    return found


def _together(time: Time) -> list[list[PricedPeriod]]:
    """The prices that hold on days of a time, in order: each alone, those of one table that limits their sum as one."""
    found: dict[tuple[str, int], list[PricedPeriod]] = {}
    for at, price in enumerate(time.use.prices):
        if _own(time, price):
            key = ("table", price.edition_id) if has_limits(price.table) else ("price", at)
            found.setdefault(key, []).append(price)
    return list(found.values())


def _own(time: Time, price: PricedPeriod) -> list[date]:
    return [day for day in time.days if day in price.period]


def _part(time: Time, price: PricedPeriod, code: str) -> list[Piece]:
    """The piece of a price; none where the table has no such line."""
    for _place, tariff, part in charged_here(price.table):
        if part == code and span_of(tariff.unit) == time.competence.span:
            daily, own = by_days(tariff.unit), _own(time, price)
            if isinstance(tariff.unit, PerMeal) and not part and time.use.register.count("meals", own) == 0:
                return []  # no meal, no line
            steps = _steps(time, own if daily else time.days, price, tariff, part)
            return [Piece(None if daily else len(own), steps, price.edition_id)]
    return []


def _whole(time: Time, prices: Sequence[PricedPeriod], code: str) -> list[Piece]:
    """All the parts of a table that limits their sum, at every price, as one line: the limits are of the sum.

    Where another table holds on the other days of the time, each has its limits by its days of service.
    """
    table, charged = prices[0].table, charged_here(prices[0].table)
    spans = {span_of(tariff.unit) for _place, tariff, _code in coded_tariffs(table)}
    if len(spans) > 1 or len(charged) <= len(table.parts):
        raise LimitsOverSeveralTimes(
            gettext_noop("La tariffa limita la somma di quote di periodi diversi: non si può addebitare mese per mese.")
        )
    if code or spans != {time.competence.span}:
        return []
    chain: list[Step] = []
    for _place, _tariff, part in charged:
        before = chain[-1].after_cents if chain else None
        made = weighed([piece for price in prices for piece in _part(time, price, part)], len(time.days))
        chain += made
        if made and before is not None:
            chain.append(step("together", "fees.parts", chain[-1].after_cents, {"amount": before}))
    if not chain:
        return []
    weight = sum(len(_own(time, price)) for price in prices)
    least, most = (share_of_limit(one, weight, len(time.days)) for one in (table.due_minimum, table.due_maximum))
    chain += limited(chain[-1].after_cents, least, most, ("fees.due_minimum", "fees.due_maximum"))
    return [Piece(None, tuple(chain), prices[-1].edition_id)]


def _steps(time: Time, days: Sequence[date], price: PricedPeriod, tariff: Tariff, code: str) -> tuple[Step, ...]:
    counts = counts_of(time, days)
    if isinstance(tariff.unit, PerDay) and "days_present" not in counts:
        counts["days_present"] = len(days) - counts.get("days_absent", 0)
    month = time.competence.days.start.month if time.competence.span == "month" else None
    units, taken = (1, 0) if code else (_meals(tariff.unit, counts), _free_used(time.use, days[0]))
    used = Use(units=units, counts=counts, month=month, free_used=taken)
    made = tariff_due(price.table, price.facts, used, code)
    return (*made.price.steps, *made.steps)


def _meals(unit: Unit, counts: Mapping[Counted, int]) -> int:
    """How many units the tariff itself is of: the meals, or one of the time; days are counted by themselves."""
    if not isinstance(unit, PerMeal):
        return 1
    if "meals" not in counts:
        raise FactNotGiven(gettext_noop("Il registro non dice «%(name)s»: il conto non si può fare."), name="meals")
    return counts["meals"]


def counts_of(time: Time, days: Sequence[date]) -> dict[Counted, int]:
    """What is known of some days of service: from the subscription and the calendar, and from the registers.

    The registers of a year are read up to the horizon. ``entry_day`` is 1 for a child who began with everybody.
    """
    use, frame, competence = time.use, time.frame, time.competence
    late = [day.day for day in sorted(use.entries) if competence.span == "month" and day in competence.days]
    counts: dict[Counted, int] = {
        "months": _months(days),
        "weeks": len({day.isocalendar()[:2] for day in days}),
        "days_of_service": len(days),
        "entry_day": late[0] if late else 1,
        "months_before_withdrawal": _months(use.days),
    }
    end = frame.horizon.next.first_day
    known = [day for day in days if day < end]
    for name in KEPT:
        number = use.register.count(name, known) if known else 0
        if number is not None:
            counts[name] = number
    return counts


def _months(days: Sequence[date]) -> int:
    return len({(day.year, day.month) for day in days})


def _free_used(use: ChildUse, until: date) -> int:
    """The free units that the days before have taken off, as each price then gave them."""
    used = 0
    for price in use.prices:
        before = [day for day in use.days if day < until and day in price.period] if price.table.free_units else []
        if before:
            left = max(0, free_units(price.table.free_units, price.facts) - used)
            used += min(left, _units(use, price.table.unit, before))
    return used


def _units(use: ChildUse, unit: Unit, days: Sequence[date]) -> int:
    """How many units some days of use are; a month is of the day on which it begins."""
    match unit:
        case PerMonth():
            firsts = {Month.of(day): day for day in reversed(use.days)}
            return sum(firsts[Month.of(day)] == day for day in days)
        case PerDay():
            counted = use.register.count("days_present", days)
            return len(days) if counted is None else counted
        case PerMeal():
            return use.register.count("meals", days) or 0
        case _:
            return 0
