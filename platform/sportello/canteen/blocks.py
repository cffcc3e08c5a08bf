"""Blocks of meals: ordered by a parent or by the office, or opened by the close for a child who ran out.

A block is charged when it is opened, at the price of that day. Opening one is never a condition for eating.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition, Service
from sportello.billing.models import Entry, EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.canteen.closed_days import NOT_CLOSED, roll_calls_on_closed_days
from sportello.canteen.errors import MealsWithoutPrice, NotSoldInBlocks
from sportello.canteen.models import MealBlock
from sportello.canteen.month import Month
from sportello.canteen.rules import days_of_opening
from sportello.canteen.stock import block_periods
from sportello.families.models import Child
from sportello.fees.kept import explain
from sportello.fees.models import PriceDecision, PriceUnit
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import gettext_noop
from sportello.ui.retelling import remember

MOST_AT_ONCE = 10

_SHORT = f"""
WITH bought AS (
    SELECT child_id, sum(meals) AS meals, count(*) AS blocks FROM canteen_mealblock
    WHERE opened_on < %(end)s GROUP BY child_id
)
SELECT presence.child_id, coalesce(max(bought.meals), 0), coalesce(max(bought.blocks), 0),
       array_agg(presence.day ORDER BY presence.day)
FROM canteen_presence presence LEFT JOIN bought USING (child_id)
WHERE presence.ate AND presence.day <@ ANY(%(periods)s::daterange[]) AND presence.day < %(end)s
  AND presence.roll_call_id NOT IN (SELECT unnest(%(closed)s::bigint[])) AND {NOT_CLOSED}
GROUP BY presence.child_id
HAVING count(*) > coalesce(max(bought.meals), 0)
ORDER BY presence.child_id
"""  # noqa: S608  # our own constant, no value in it


@dataclass(frozen=True, slots=True)
class Opening:
    """A block to open: for whom, on which day, at which price, under which key."""

    child_id: int
    day: date
    price: PriceDecision
    key: str
    automatic: bool


@transaction.atomic
def order_block(
    *, child: Child, service: Service, blocks: int, token: UUID, day: date, actor: int, now: datetime
) -> int:
    """Opens and charges blocks for a child at the price of the day; returns how many were new.

    `token` is drawn when the form is shown: sending it twice orders once. Raises NotSoldInBlocks when the Comune sells
    none to the child on that day, or more than MOST_AT_ONCE are asked for.
    """
    if not 1 <= blocks <= MOST_AT_ONCE:
        raise NotSoldInBlocks(_("Puoi ordinare da 1 a %(most)s blocchetti per volta."), most=MOST_AT_ONCE)
    price = price_of_block(child, service, day)
    if price is None:
        raise NotSoldInBlocks(_("Per questo bambino non c'è una tariffa a blocchetti in vigore oggi."))
    openings = [
        Opening(child.pk, day, price, f"block:{service.code}:{token}:{number}", automatic=False)
        for number in range(1, blocks + 1)
    ]
    return _open(service, openings, now=now, actor=actor)


def price_of_block(child: Child, service: Service, day: date) -> PriceDecision | None:
    """The price of a block for the child on a day; None where the Comune sells none to it."""
    held = PriceDecision.objects.in_force().filter(
        child=child, service=service, unit=PriceUnit.BLOCK, valid_during__contains=day
    )
    return held.select_related("edition").first()


@transaction.atomic
def open_missing_blocks(*, service: Service, month: Month, now: datetime, actor: int | None) -> int:
    """Opens a block for each child below zero at the end of the month; returns how many.

    The price is that of the day of the first meal no block covered. The key counts the blocks of the child, so that
    running again opens nothing. Raises MealsWithoutPrice when a child has no price on that day.
    """
    short = list(_short(service, month))
    prices = _prices_of(service, [child_id for child_id, *_rest in short])
    openings: list[Opening] = []
    for child_id, bought, blocks, eaten in short:
        held = prices.get(child_id, [])
        days = days_of_opening(bought=bought, eaten=eaten, size_on=partial(_size_on, held))
        openings += [
            Opening(
                child_id, day, _price_on(held, day), f"block:{service.code}:{child_id}:auto:{number}", automatic=True
            )
            for number, day in enumerate(days, start=blocks + 1)
        ]
    return _open(service, openings, now=now, actor=actor)


def _short(service: Service, month: Month) -> Iterable[tuple[int, int, int, list[date]]]:
    """Children who ate more than was bought: child, meals bought, blocks, the days they ate in order."""
    periods = [_until(period, month) for period in block_periods(service) if period.start < month.next.first_day]
    if not periods:
        return []
    closed = [pk for period in periods for pk in roll_calls_on_closed_days(service, period)]
    written = [f"[{period.start},{period.end})" for period in periods]
    with connection.cursor() as cursor:
        within = f"[{min(period.start for period in periods)},{month.next.first_day})"
        cursor.execute(_SHORT, {"end": month.next.first_day, "periods": written, "closed": closed, "within": within})
        return [(child, int(bought), int(blocks), days) for child, bought, blocks, days in cursor.fetchall()]


def _until(period: DateRange, month: Month) -> DateRange:
    return period.intersect(DateRange(period.start, month.next.first_day)) or period


def _prices_of(service: Service, children: Sequence[int]) -> dict[int, list[PriceDecision]]:
    found: dict[int, list[PriceDecision]] = {}
    for price in PriceDecision.objects.in_force().filter(service=service, child__in=children).select_related("edition"):
        found.setdefault(price.child_id, []).append(price)
    return found


def _price_on(prices: Iterable[PriceDecision], day: date) -> PriceDecision:
    for price in prices:
        if price.unit == PriceUnit.BLOCK and day in price.period:
            return price
    raise MealsWithoutPrice(
        _("Un bambino ha finito i pasti il %(day)s e quel giorno non ha una tariffa: decidi la tariffa e riprova."),
        day=day.strftime("%d/%m/%Y"),
    )


def _size_on(prices: Iterable[PriceDecision], day: date) -> int:
    return _price_on(prices, day).block_meals or 1


def _open(service: Service, openings: Sequence[Opening], *, now: datetime, actor: int | None) -> int:
    """Posts the charges, then the blocks of those that were new."""
    explanations: dict[tuple[int, str], dict[str, object]] = {}
    lines = [_line(service, opening, explanations) for opening in openings]
    post_entries(lines=lines, now=now, actor=actor)
    fresh = Entry.objects.filter(idempotency_key__in=[line.key for line in lines], meal_block=None)
    entries = dict(fresh.order_by("pk").values_list("idempotency_key", "pk"))
    blocks = [
        MealBlock(
            child_id=opening.child_id,
            entry_id=entries[opening.key],
            meals=opening.price.block_meals or 0,
            opened_on=opening.day,
            automatic=opening.automatic,
        )
        for opening in openings
        if opening.key in entries
    ]
    MealBlock.objects.bulk_create(blocks)
    return len(blocks)


_OPENED = gettext_noop("Blocchetto da %(n)s pasti, aperto alla fine dei pasti")
_ORDERED = gettext_noop("Blocchetto da %(n)s pasti, ordinato")
remember(_OPENED, _ORDERED)


def _line(service: Service, opening: Opening, explanations: dict[tuple[int, str], dict[str, object]]) -> EntryLine:
    price = opening.price
    shared = explanations.setdefault((price.edition_id, str(price.steps)), _explanation(price.edition, price))
    template = _OPENED if opening.automatic else _ORDERED
    return EntryLine(
        child_id=opening.child_id,
        service_code=service.code,
        kind=EntryKind.CHARGE,
        amount=-price.unit_price,
        competence_on=opening.day,
        description=template % {"n": price.block_meals},
        key=opening.key,
        unit_price=price.unit_price,
        explanation=shared,
    )


def _explanation(edition: Edition, price: PriceDecision) -> dict[str, object]:
    return explain(edition, price.steps)
