"""What a child owes for a service in a month, line by line, with the steps that make each amount. Pure.

How a time with several prices is worked out stands in :mod:`sportello.enrolment.weighing`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services_catalog.fee_table import FeeTable, Instalment
from sportello.enrolment.competences import Competence, Frame, by_days, charged_here, due_day, span_of
from sportello.enrolment.registers import KEPT
from sportello.enrolment.weighing import (
    ChildUse,
    LimitsOverSeveralTimes,
    PricedPeriod,
    Time,
    has_limits,
    pieces_of,
    weighed,
)
from sportello.fees.dues import instalments_of
from sportello.fees.facts import Step
from sportello.fees.operations import step
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from sportello.kernel.month import Month

__all__ = ["ChildUse", "LimitsOverSeveralTimes", "Owed", "PricedPeriod", "owed"]

type Slot = tuple[str, str]
"""A line of the ledger for ever: the key of the time, then part and instalment."""


@dataclass(frozen=True, slots=True)
class Owed:
    """An amount owed: for which time, of which part, of which instalment, on which day, and how it came about.

    ``steps`` are one chain, worked out again by ``fees.operations.replayed``.
    """

    competence: Competence
    part: str
    instalment: date | None
    day: date
    amount: Money
    steps: tuple[Step, ...]
    edition_id: int

    @property
    def slot(self) -> Slot:
        """The line of the ledger it belongs to."""
        due = "" if self.instalment is None else f"{self.instalment:%Y%m%d}"
        return self.competence.key, f"{self.part or 'fee'}:{due}"


@dataclass(frozen=True, slots=True)
class Posted:
    """What the ledger already holds on a line: the sum owed, how many entries, the first of them."""

    cents: int
    entries: int
    first_entry_id: int


@dataclass(frozen=True, slots=True)
class Change:
    """What must be posted on a line: the cents more (or fewer) that are owed, the charge it puts right if any."""

    slot: Slot
    cents: int
    ordinal: int
    corrects: int | None
    already: int
    owed: Owed | None


def owed(use: ChildUse, frame: Frame) -> list[Owed]:
    """What the child owes for the month, and for the year and the periods that fall due by then, in order.

    Raises FactNotGiven for a count that a rule reads and no register gives, LimitsOverSeveralTimes, and as
    ``fees.rules.price``.
    """
    found: list[Owed] = []
    for competence in _competences(use.prices, frame):
        days = [day for day in use.days if day in competence.days]
        if days and Month.of(days[0]) <= frame.horizon:
            for code in _lines(use.prices, competence):
                found += _owed(Time(use, frame, competence, days), code)
    return found


def changes(wanted: Sequence[Owed], posted: Mapping[Slot, Posted]) -> Iterator[Change]:
    """What must be posted so that the ledger holds what is owed; nothing where it does.

    A line that nobody owes any more (a withdrawn child) is given back; one of nothing is posted once, for its reasons.
    """
    by_slot = {one.slot: one for one in wanted}
    for slot in [*by_slot, *(known for known in posted if known not in by_slot)]:
        one, known = by_slot.get(slot), posted.get(slot)
        cents = (one.amount.cents if one else 0) - (known.cents if known else 0)
        if cents or known is None:
            yield Change(
                slot=slot,
                cents=cents,
                ordinal=known.entries if known else 0,
                corrects=known.first_entry_id if known else None,
                already=known.cents if known else 0,
                owed=one,
            )


def unpriced_days(use: ChildUse, within: DateRange) -> int:
    """How many days of service in the period have no price: there must be none."""
    if any(price.period.covers(within) for price in use.prices):
        return 0
    return sum(day in within and not any(day in price.period for price in use.prices) for day in use.days)


def reads_register(table: FeeTable) -> bool:
    """Whether an amount depends on what only a register says: it is known when the month is over."""
    return any(
        by_days(tariff.unit) or any(getattr(rule, "counted", None) in KEPT for rule in tariff.proration)
        for _place, tariff, _code in charged_here(table)
    )


def reads_year(table: FeeTable) -> bool:
    """Whether an amount of a month depends on more than that month: the whole school year must be looked at."""
    return table.free_units is not None or any(
        span_of(tariff.unit) != "month"
        or any(getattr(rule, "counted", None) == "months_before_withdrawal" for rule in tariff.proration)
        for _place, tariff, _code in charged_here(table)
    )


def _competences(prices: Sequence[PricedPeriod], frame: Frame) -> list[Competence]:
    found: dict[str, Competence] = {}
    for price in prices:
        for _place, tariff, _code in charged_here(price.table):
            found |= {one.key: one for one in frame.competence_of(tariff.unit)}
    return list(found.values())


def _lines(prices: Sequence[PricedPeriod], competence: Competence) -> list[str]:
    """The lines of a time: one a part, or a single one where the whole has a minimum or a maximum."""
    found: dict[str, None] = {}
    for price in prices:
        for _place, tariff, code in charged_here(price.table):
            if has_limits(price.table) or span_of(tariff.unit) == competence.span:
                found["" if has_limits(price.table) else code] = None
    return list(found)


def _owed(time: Time, code: str) -> Iterator[Owed]:
    """The amount of a line, or its instalments that have fallen due."""
    competence, days, pieces = time.competence, time.days, pieces_of(time, code)
    if not pieces:
        return
    steps, edition = weighed(pieces, len(days)), pieces[-1].edition_id
    amount, plan = Money(steps[-1].after_cents), _plan(time.use.prices, competence)
    if not plan:
        yield Owed(competence, code, None, due_day(competence, days), amount, steps, edition)
    for index, (one, share) in enumerate(instalments_of(plan, amount)):
        if Month.of(one.due_on) <= time.frame.horizon:
            told = (*steps, _instalment_step(plan, index, amount, share))
            yield Owed(competence, code, one.due_on, max(one.due_on, days[0]), share, told, edition)


def _plan(prices: Sequence[PricedPeriod], competence: Competence) -> Sequence[Instalment]:
    """The instalments of the latest table: of a year, or of the one period that holds them all."""
    plan = prices[-1].table.instalments
    if competence.span == "year" or (
        competence.span == "period" and all(one.due_on in competence.days for one in plan)
    ):
        return plan
    return ()


def _instalment_step(plan: Sequence[Instalment], index: int, amount: Money, share: Money) -> Step:
    place = f"fees.instalments[{index}]"
    if index < len(plan) - 1:
        return step("instalment", place, amount.cents, {"percent": str(plan[index].share_percent)})
    return step("instalment_rest", place, amount.cents, {"amount": (amount - share).cents})
