"""A draft fee table on the meals of a year that were really served: what the council asks before it votes.

Nothing is written. PostgreSQL sums the days of each child into one string of bits, and a price counts those of its own
days; the draft's prices are worked out once for each different set of facts (`fees.rules.price_many`), so nine million
meals cost little more than counting them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition, EditionStatus, Service
from sportello.canteen.closed_days import roll_calls_on_closed_days
from sportello.canteen.what_if_figures import Outcome, Piece, outcome_of, total_cents
from sportello.enrolment.competences import limits_meals
from sportello.fees.deciding import facts_from_json
from sportello.fees.rules import Facts, Price, price_many
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError

BY_MEALS: Final = frozenset({"meal", "block"})
_EATEN = """
SELECT eaten.child_id, coalesce(child.household_id, -child.id), section.school_id, eaten.days
FROM (
    SELECT child_id, min(roll_call_id) AS roll_call_id,
           bit_or(rpad('1', %(days)s, '0')::varbit >> (day - %(first)s::date))::text AS days
    FROM canteen_presence
    WHERE ate AND day >= %(first)s AND day < %(end)s AND roll_call_id NOT IN (SELECT unnest(%(closed)s::bigint[]))
    GROUP BY child_id
) eaten
JOIN families_child child ON child.id = eaten.child_id
JOIN canteen_rollcall call ON call.id = eaten.roll_call_id
JOIN schools_section section ON section.id = call.section_id
ORDER BY eaten.child_id
"""
"""The days of a child as one string of bits, the first day of the period first: a day is one step of the aggregate."""

_PRICES = """
SELECT child_id, greatest(lower(valid_during), %(first)s) - %(first)s::date,
       least(upper(valid_during), %(end)s) - %(first)s::date, unit_price_cents, block_meals, unit, inputs::text
FROM fees_pricedecision
WHERE service_id = %(service)s AND status = 'sent' AND valid_during && daterange(%(first)s, %(end)s)
ORDER BY child_id, valid_during
"""


class NoMealsServed(DomainError):
    def __init__(self) -> None:
        super().__init__(_("In quel periodo non ci sono pasti con una tariffa: scegli un altro anno."))


class MonthlyFee(DomainError):
    """A fee by the month does not follow the meals: this rehearsal cannot say what it would bring."""

    def __init__(self) -> None:
        super().__init__(_("La prova vale per tariffe a pasto o a blocchetto, non per quelle mensili."))


class LimitedFee(DomainError):
    """Free meals and limits are of each month and of the whole year: a sum of meals at a price does not say them."""

    def __init__(self) -> None:
        super().__init__(
            _("La prova somma i pasti al loro prezzo: non dice ancora pasti gratuiti, minimi e massimi del mese.")
        )


@dataclass(frozen=True, slots=True)
class _Eater:
    """A child and the days on which it ate, as the bits of an integer: the last day of the period is the lowest."""

    child: int
    family: int
    school: int
    days: int


@dataclass(frozen=True, slots=True)
class _Decided:
    """A price of a child on days of the period: a mask over them, as of :class:`_Eater`."""

    child: int
    days: int
    unit_cents: int
    block_meals: int | None
    facts: Facts


def rehearse(*, draft: Edition, period: DateRange) -> Outcome:
    """The outcome of the draft's table on the meals served in the period, which has an end.

    Raises NoMealsServed, MonthlyFee, LimitedFee and the errors of fee tables (a hole in the draft's bands).
    """
    if _is_limited(draft, period):
        raise LimitedFee
    pieces = list(_pieces(draft, period))
    if not pieces:
        raise NoMealsServed
    return outcome_of(pieces)


def _is_limited(draft: Edition, period: DateRange) -> bool:
    held = Edition.objects.filter(service=draft.service, valid_during__overlap=period.bounds)
    held = held.exclude(status=EditionStatus.DRAFT).order_by("pk")
    return any(limits_meals(edition.rules.fees) for edition in (draft, *held))


def _pieces(draft: Edition, period: DateRange) -> Iterator[Piece]:
    eaters = {eater.child: eater for eater in _eaters(draft.service, period)}
    held = [one for one in _decided(draft.service, period) if one.child in eaters]
    prices = price_many(draft.rules.fees, (one.facts for one in held))
    for one, price in zip(held, prices, strict=True):
        eater = eaters[one.child]
        if meals := (eater.days & one.days).bit_count():
            yield Piece(
                family=eater.family,
                child=eater.child,
                school=eater.school,
                isee_cents=one.facts.isee_cents,
                meals=meals,
                before_cents=total_cents(one.unit_cents, meals, one.block_meals),
                after_cents=total_cents(_meal_price(price), meals, price.block_meals),
            )


def _meal_price(price: Price) -> int:
    if price.unit not in BY_MEALS:
        raise MonthlyFee
    return price.amount.cents


def _eaters(service: Service, period: DateRange) -> Iterator[_Eater]:
    closed = roll_calls_on_closed_days(service, period)
    with connection.cursor() as cursor:
        cursor.execute(_EATEN, {**_bounds(period), "closed": closed})
        for child, family, school, days in cursor.fetchall():
            yield _Eater(child, family, school, int(days, 2))


def _decided(service: Service, period: DateRange) -> Iterator[_Decided]:
    known: dict[str, Facts] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, {**_bounds(period), "service": service.pk})
        for child, start, end, cents, block, unit, inputs in cursor.fetchall():
            if unit not in BY_MEALS:
                raise MonthlyFee
            facts = known.get(inputs)
            if facts is None:
                facts = known[inputs] = facts_from_json(json.loads(inputs))
            yield _Decided(child, _mask(start, end, _length(period)), cents, block, facts)


def _bounds(period: DateRange) -> dict[str, Any]:
    return {"first": period.start, "end": period.end, "days": _length(period)}


def _length(period: DateRange) -> int:
    assert period.end is not None  # noqa: S101  # a school year has an end
    return (period.end - period.start).days


def _mask(start: int, end: int, length: int) -> int:
    """The bits of the days from ``start`` to ``end`` (excluded), counted from the first of so many."""
    return (1 << (length - start)) - (1 << (length - end))
