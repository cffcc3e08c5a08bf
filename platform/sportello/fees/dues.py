"""What is due for a use of the service: unit prices times, prorated, added part by part, with every step. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from services_catalog.fee_table import (
    AbsenceShare,
    Counted,
    CountSteps,
    CreditPolicy,
    EachTime,
    FeeTable,
    FreeUnits,
    Instalment,
    NotDue,
    Parts,
    PerBlock,
    PerDay,
    PerMeal,
    PerMonth,
    PerPeriod,
    PerYear,
    Proration,
    Tariff,
    Unit,
)
from services_catalog.fees.holding import holds, within
from sportello.fees.facts import FactNotGiven, Facts, Param, Price, Step, Use
from sportello.fees.operations import replayed, step
from sportello.fees.rules import limited, tariff_price
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money, round_half_up


@dataclass(frozen=True, slots=True)
class PartDue:
    """One part of what is due: the price of its unit, and the steps from it to the amount."""

    code: str
    price: Price
    steps: tuple[Step, ...]
    amount: Money


@dataclass(frozen=True, slots=True)
class Due:
    """What is due, its parts in order, and the steps that put them together."""

    amount: Money
    parts: tuple[PartDue, ...]
    steps: tuple[Step, ...]

    def all_steps(self) -> tuple[Step, ...]:
        """Every step in the order in which a family reads them."""
        within_parts = [one for part in self.parts for one in (*part.price.steps, *part.steps)]
        return (*within_parts, *self.steps)


@dataclass(frozen=True, slots=True)
class Stock:
    """Prepaid units left (negative when eaten on credit), and whether the service is suspended until it is settled."""

    left: int
    suspended: bool


def due(table: FeeTable, facts: Facts, use: Use) -> Due:
    """What a family owes for a use of the service. Raises as ``rules.price``, and FactNotGiven for a count missing."""
    parts = [_part(tariff, table, facts, use, place=place, code=code) for place, tariff, code in coded_tariffs(table)]
    steps: list[Step] = []
    total = parts[0].amount.cents
    for part in parts[1:]:
        steps.append(step("sum", "fees.parts", total, {"added": part.amount.cents, "part": part.code}))
        total = steps[-1].after_cents
    steps += limited(total, table.due_minimum, table.due_maximum, ("fees.due_minimum", "fees.due_maximum"))
    return Due(Money(steps[-1].after_cents if steps else total), tuple(parts), tuple(steps))


def tariff_due(table: FeeTable, facts: Facts, use: Use, code: str = "") -> PartDue:
    """What is due of the tariff itself, or of the further part with that code, alone.

    Raises as :func:`due`, and StopIteration for a code the table does not have.
    """
    place, tariff = next((place, tariff) for place, tariff, own in coded_tariffs(table) if own == code)
    return _part(tariff, table, facts, use, place=place, code=code)


def coded_tariffs(table: FeeTable) -> Iterator[tuple[str, Tariff, str]]:
    """The tariff and its further parts: place, tariff, code (empty for the tariff itself)."""
    for (place, tariff), code in zip(table.tariffs(), ("", *(part.code for part in table.parts)), strict=True):
        yield place, tariff, code


def replay(told: Due) -> Money:
    """What is due worked out again from the records of the explanation alone: no table, no facts."""
    parts = [replayed((*part.price.steps, *part.steps)) for part in told.parts]
    total, rest = parts[0], parts[1:]
    for one in told.steps:
        params = {**one.params, "added": rest.pop(0)} if one.code == "sum" else one.params
        total = step(one.code, one.place, total, params).after_cents
    return Money(total)


def free_units(credit: FreeUnits | None, facts: Facts) -> int:
    """The free units a child is credited with; none without an ISEE."""
    if credit is None or facts.isee_cents is None or not holds(credit.when, facts):
        return 0
    return next((row.free_units for row in credit.rows if within(row.isee_from, row.isee_to, facts.isee_cents)), 0)


def share_of_limit(limit: Money | None, days: int, of: int) -> Money | None:
    """A minimum or maximum of a time in which the table held on so many days of service of all those of the time."""
    return limit if limit is None or days == of else Money(round_half_up(Fraction(limit.cents * days, of)))


def instalments_of(plan: Sequence[Instalment], amount: Money) -> list[tuple[Instalment, Money]]:
    """The amount in the instalments of the plan; the last takes what rounding leaves, so that they add up."""
    split = [(one, amount.share(one.share_percent)) for one in plan[:-1]]
    return [*split, (plan[-1], amount - Money.sum(part for _one, part in split))] if plan else []


def stock_after(left: int, eaten: int, policy: CreditPolicy) -> Stock:
    """A prepaid stock after some units; below what the Comune advances the service is suspended."""
    rest = left - eaten
    return Stock(rest, suspended=rest < -policy.advanced_units)


def _part(tariff: Tariff, table: FeeTable, facts: Facts, use: Use, *, place: str, code: str) -> PartDue:
    price = tariff_price(tariff, table, facts, place)
    steps: list[Step] = []
    amount = price.amount.cents
    free = max(0, free_units(table.free_units, facts) - use.free_used) if not code else 0
    count = _times(tariff.unit, use, main=not code)
    lot, at_least = (tariff.unit.lot, tariff.unit.at_least) if isinstance(tariff.unit, PerMeal) else (1, 0)
    if (count, free, lot) != (1, 0, 1) or at_least:
        params: dict[str, Param] = {"count": count, "free": free, "lot": lot, "at_least": at_least}
        steps.append(step("times", f"{place}.unit", amount, params | {"unit": price.unit}))
        amount = steps[-1].after_cents
    for index, proration in enumerate(tariff.proration):
        made = _prorated(proration, facts, use, amount, f"{place}.proration[{index}]")
        if made is not None and made.after_cents != amount:
            steps.append(made)
            amount = made.after_cents
    return PartDue(code, price, tuple(steps), Money(amount))


def _times(unit: Unit, use: Use, *, main: bool) -> int:
    """How many units were used: those stated for the tariff itself, what the register counted for a further part."""
    if main and not isinstance(unit, PerDay):
        return use.units
    match unit:
        case PerMeal():
            return _count(use, "meals")
        case PerDay():
            return _count(use, "days_present")
        case PerBlock():
            return _count(use, "blocks")
        case PerMonth():
            return use.counts.get("months", 1)
        case PerYear() | PerPeriod():
            return 1
        case _:
            assert_never(unit)


def _count(use: Use, name: Counted) -> int:
    if name not in use.counts:
        raise FactNotGiven(gettext_noop("Il registro non dice «%(name)s»: il conto non si può fare."), name=name)
    return use.counts[name]


def _prorated(rule: Proration, facts: Facts, use: Use, before: int, place: str) -> Step | None:
    if not holds(rule.when, facts):
        return None
    match rule:
        case Parts(counted=counted, of=of, at_least_percent=floor):
            params: dict[str, Param] = {"count": _count(use, counted), "of": of, "percent": str(floor)}
            return step("parts", place, before, params | {"counted": counted})
        case CountSteps():
            return _count_step(rule, _count(use, rule.counted), before, place)
        case AbsenceShare(counted=counted, spared_days=spared):
            params = {"count": _count(use, counted), "spared": spared, "of": _count(use, "days_of_service")}
            return step("absence_share", place, before, params)
        case EachTime(counted=counted, amount=amount, spared=spared):
            params = {"count": _count(use, counted), "spared": spared, "amount": amount.cents, "counted": counted}
            return step("each_time", place, before, params)
        case NotDue():
            return step("not_due", place, before, {}) if _is_not_due(rule, use) else None
        case _:
            assert_never(rule)


def _count_step(rule: CountSteps, count: int, before: int, place: str) -> Step | None:
    for index, row in enumerate(rule.rows):
        if row.count_from <= count and (row.count_to is None or count <= row.count_to):
            params: dict[str, Param] = {"percent": str(row.discount_percent), "count": count, "counted": rule.counted}
            return step("count_discount", f"{place}.rows[{index}]", before, params)
    return None


def _is_not_due(rule: NotDue, use: Use) -> bool:
    if rule.counted is not None:
        return _count(use, rule.counted) >= rule.count_from
    if use.month is None:
        raise FactNotGiven(gettext_noop("Il registro non dice «%(name)s»: il conto non si può fare."), name="month")
    return use.month in rule.months
