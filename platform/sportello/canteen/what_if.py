"""A draft fee table on the meals of a year that were really served: what the council asks before it votes.

Nothing is written. PostgreSQL counts the meals of each decided price once; the draft's prices are worked out once for
each different set of facts (`fees.rules.price_many`), so nine million meals cost little more than counting them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from services_catalog.fee_table import FeeTable
from services_catalog.models import Edition, Service
from sportello.canteen.closed_days import roll_calls_on_closed_days
from sportello.canteen.what_if_figures import Outcome, Piece, outcome_of, total_cents
from sportello.fees.deciding import facts_from_json
from sportello.fees.rules import Price, price_many
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError

BY_MEALS: Final = frozenset({"meal", "block"})
_MEALS = """
SELECT price.child_id, coalesce(child.household_id, -child.id), section.school_id, price.unit_price_cents,
       price.block_meals, price.unit, price.inputs::text, served.meals
FROM (
    SELECT price.id AS price_id, min(call.section_id) AS section_id, count(*) AS meals
    FROM canteen_presence presence
    JOIN fees_pricedecision price
      ON price.child_id = presence.child_id AND price.service_id = %(service)s AND price.valid_during @> presence.day
     AND price.status = 'sent'
    JOIN canteen_rollcall call ON call.id = presence.roll_call_id
    WHERE presence.ate AND presence.day >= %(first)s AND presence.day < %(end)s
      AND NOT presence.roll_call_id = ANY(%(closed)s)
    GROUP BY price.id
) served
JOIN fees_pricedecision price ON price.id = served.price_id
JOIN families_child child ON child.id = price.child_id
JOIN schools_section section ON section.id = served.section_id
"""


class NoMealsServed(DomainError):
    def __init__(self) -> None:
        super().__init__(_("In quel periodo non ci sono pasti con una tariffa: scegli un altro anno."))


class MonthlyFee(DomainError):
    """A fee by the month does not follow the meals: this rehearsal cannot say what it would bring."""

    def __init__(self) -> None:
        super().__init__(_("La prova vale per tariffe a pasto o a blocchetto, non per quelle mensili."))


@dataclass(frozen=True, slots=True)
class _Served:
    """The meals of a child at one decided price."""

    child: int
    family: int
    school: int
    unit_cents: int
    block_meals: int | None
    inputs: dict[str, Any]
    meals: int


def rehearse(*, draft: Edition, period: DateRange) -> Outcome:
    """The outcome of the draft's table on the meals served in the period. Raises NoMealsServed, MonthlyFee and the
    errors of fee tables (a hole in the draft's bands).
    """
    served = list(_served(draft.service, period))
    if not served:
        raise NoMealsServed
    return outcome_of(_priced(served, draft.rules.fees))


def _priced(served: list[_Served], table: FeeTable) -> Iterator[Piece]:
    prices = price_many(table, (facts_from_json(one.inputs) for one in served))
    for one, price in zip(served, prices, strict=True):
        yield Piece(
            family=one.family,
            child=one.child,
            school=one.school,
            isee_cents=one.inputs["isee_cents"],
            meals=one.meals,
            before_cents=total_cents(one.unit_cents, one.meals, one.block_meals),
            after_cents=total_cents(_meal_price(price), one.meals, price.block_meals),
        )


def _meal_price(price: Price) -> int:
    if price.unit not in BY_MEALS:
        raise MonthlyFee
    return price.amount.cents


def _served(service: Service, period: DateRange) -> Iterator[_Served]:
    closed = roll_calls_on_closed_days(service, period)
    known: dict[str, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"service": service.pk, "first": period.start, "end": period.end, "closed": closed}
        cursor.execute(_MEALS, values)
        for child, family, school, cents, block, unit, inputs, meals in cursor.fetchall():
            if unit not in BY_MEALS:
                raise MonthlyFee
            facts = known.get(inputs)
            if facts is None:
                facts = known[inputs] = json.loads(inputs)
            yield _Served(child, family, school, cents, block, facts, meals)
