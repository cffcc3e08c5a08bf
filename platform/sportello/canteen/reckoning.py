"""The reckoning of a month: what was served, at which prices, what the ledger holds, and so what is to be posted.

PostgreSQL sums the meals of each child into one integer, the pure rules work over plain values, and nothing is
written here: the preview of the office and the close read the same figures.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from services_catalog.models import Edition, Service
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine
from sportello.canteen.closed_days import NOT_CLOSED, roll_calls_on_closed_days
from sportello.canteen.month import NAMES, Month
from sportello.canteen.rules import Difference, Posted, PricedDays, differences, meals_by_price, unpriced
from sportello.enrolment.charge_reading import charged_editions
from sportello.enrolment.competences import limits_meals
from sportello.fees.kept import explain
from sportello.fees.models import PriceUnit
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money
from sportello.ui.retelling import remember

_SERVED = f"""
SELECT child_id, bit_or(1::bigint << (day - %(first)s::date))
FROM canteen_presence presence
WHERE ate AND day >= %(first)s AND day < %(end)s
  AND roll_call_id NOT IN (SELECT unnest(%(closed)s::bigint[])) AND {NOT_CLOSED}
GROUP BY child_id ORDER BY child_id
"""  # noqa: S608  # our own constant, no value in it
_PRICES = """
SELECT child_id, lower(valid_during), upper(valid_during), unit_price_cents, unit, edition_id, steps::text
FROM fees_pricedecision
WHERE status = 'sent' AND service_id = %(service)s AND valid_during && daterange(%(first)s, %(end)s)
ORDER BY child_id, valid_during
"""
_POSTED = """
SELECT account.child_id, entry.unit_price_cents, sum(entry.quantity), count(*), min(entry.id)
FROM billing_entry entry JOIN billing_ledgeraccount account ON account.id = entry.account_id
WHERE entry.idempotency_key LIKE %(prefix)s
GROUP BY 1, 2
"""
_EATEN_ON = """
SELECT count(*) FROM canteen_presence WHERE ate AND roll_call_id = ANY(%(closed)s)
"""


BY_MEALS = frozenset({PriceUnit.MEAL.value, PriceUnit.BLOCK.value})


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A month reckoned. `lines` are what is not in the ledger yet; `meals_at` counts the whole month by unit price.

    `summed`: some meals are not paid one by one but summed by the month, and charged by enrolment.
    """

    month: Month
    children: int
    meals: int
    meals_at: Mapping[int, int]
    unpriced_meals: int
    unpriced_children: tuple[int, ...]
    closed_day_meals: int
    sold_in_blocks: bool
    lines: tuple[EntryLine, ...]
    closed_roll_calls: tuple[int, ...] = field(default=(), repr=False)
    summed: bool = False

    @property
    def whole(self) -> Money:
        """What the meals of the month cost the families in all."""
        return Money(sum(cents * meals for cents, meals in self.meals_at.items()))

    @property
    def to_post(self) -> Money:
        """The sum of the lines: negative when the families are charged."""
        return Money.sum(line.amount for line in self.lines)


@dataclass(slots=True)
class _Prices:
    """The prices of every child, and the explanations they share."""

    of_child: dict[int, list[PricedDays]]
    explanations: list[dict[str, Any]]
    has_blocks: bool
    summed: bool
    otherwise: dict[int, int]
    """The days of each child whose meals are paid neither one by one nor by the block: enrolment charges them."""


def reckon(service: Service, month: Month) -> Reckoning:
    """Reckon the month; twelve queries at most, whatever the number of children."""
    closed = roll_calls_on_closed_days(service, month.period)
    served = _served(month, closed)
    prices = _prices(service, month)
    posted = _posted(service, month)
    meals_at: Counter[int] = Counter()
    bare: list[int] = []
    bare_meals = 0
    lines: list[EntryLine] = []
    writer = _Writer(service, month)
    for child_id in sorted(served.keys() | posted.keys()):
        days, held = served.get(child_id, 0) & ~prices.otherwise.get(child_id, 0), prices.of_child.get(child_id, [])
        if missing := unpriced(days, held):
            bare.append(child_id)
            bare_meals += missing.bit_count()
        wanted = meals_by_price(days, held) if not prices.has_blocks else {}
        meals_at.update(wanted)
        for difference in differences(wanted, posted.get(child_id, {})):
            line = writer.line(child_id, difference, _explanation(prices, held, difference))
            lines.append(line)
    return Reckoning(
        month=month,
        children=len(served),
        meals=sum(days.bit_count() for days in served.values()),
        meals_at=dict(sorted(meals_at.items())),
        unpriced_meals=bare_meals,
        unpriced_children=tuple(bare),
        closed_day_meals=_eaten_on(closed),
        sold_in_blocks=prices.has_blocks,
        lines=tuple(lines),
        closed_roll_calls=tuple(closed),
        summed=prices.summed,
    )


def key_prefix(service: Service, month: Month) -> str:
    """How the keys of the charges of a month begin."""
    return f"meals:{service.code}:{month}:"


def _served(month: Month, closed: list[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        within = f"[{month.first_day},{month.next.first_day})"
        cursor.execute(
            _SERVED, {"first": month.first_day, "end": month.next.first_day, "closed": closed, "within": within}
        )
        return dict(cursor.fetchall())


def _eaten_on(closed: list[int]) -> int:
    if not closed:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_EATEN_ON, {"closed": closed})
        return int(cursor.fetchone()[0])


def _prices(service: Service, month: Month) -> _Prices:
    parameters: dict[str, int | date] = {
        "service": service.pk,
        "first": month.first_day,
        "end": month.next.first_day,
    }
    of_child: dict[int, list[PricedDays]] = defaultdict(list)
    numbers: dict[tuple[int, int, str], int] = {}
    masks: dict[tuple[date, date | None], int] = {}
    otherwise: dict[int, int] = {}
    has_blocks = False
    by_the_month = _paid_by_the_month(service, month)
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, parameters)
        for child_id, start, end, cents, unit, edition_id, steps in cursor.fetchall():
            has_blocks = has_blocks or unit == PriceUnit.BLOCK
            mask = masks.get((start, end))
            if mask is None:
                mask = masks[start, end] = month.mask(DateRange(start, end))
            if unit not in BY_MEALS or edition_id in by_the_month:
                otherwise[child_id] = otherwise.get(child_id, 0) | mask
                continue
            why = numbers.setdefault((edition_id, cents, steps), len(numbers))
            of_child[child_id].append(PricedDays(mask, cents, why))
    return _Prices(of_child, _explanations(numbers), has_blocks, bool(by_the_month) and bool(otherwise), otherwise)


def _paid_by_the_month(service: Service, month: Month) -> frozenset[int]:
    """The editions whose meals are summed by the month: some are free, or their sum has a limit."""
    return frozenset(pk for pk, edition in charged_editions(service, month).items() if limits_meals(edition.rules.fees))


def _explanations(numbers: Mapping[tuple[int, int, str], int]) -> list[dict[str, Any]]:
    editions = Edition.objects.in_bulk({edition_id for edition_id, _cents, _steps in numbers})
    return [explain(editions[edition_id], json.loads(steps)) for edition_id, _cents, steps in numbers]


def _posted(service: Service, month: Month) -> dict[int, dict[int, Posted]]:
    found: dict[int, dict[int, Posted]] = defaultdict(dict)
    with connection.cursor() as cursor:
        # In LIKE an underscore stands for any character, and the code of a service may hold one.
        cursor.execute(_POSTED, {"prefix": key_prefix(service, month).replace("_", r"\_") + "%"})
        for child_id, cents, meals, entries, first in cursor.fetchall():
            found[child_id][cents] = Posted(meals=int(meals), entries=entries, first_entry_id=first)
    return found


def _explanation(prices: _Prices, held: list[PricedDays], difference: Difference) -> dict[str, Any] | None:
    for price in held:
        if price.cents == difference.cents:
            return prices.explanations[price.why]
    return None


_CHARGED = gettext_noop("%(n)s pasto di %(month)s"), gettext_noop("%(n)s pasti di %(month)s")
_MORE = (
    gettext_noop("%(n)s pasto in più a %(month)s, corretto dopo la chiusura"),
    gettext_noop("%(n)s pasti in più a %(month)s, corretti dopo la chiusura"),
)
_FEWER = (
    gettext_noop("%(n)s pasto in meno a %(month)s, corretto dopo la chiusura"),
    gettext_noop("%(n)s pasti in meno a %(month)s, corretti dopo la chiusura"),
)
remember(*_CHARGED, *_MORE, *_FEWER, *NAMES)


class _Writer:
    """Writes the lines of a month; what they share is worked out once."""

    def __init__(self, service: Service, month: Month) -> None:
        self._service_code = service.code
        self._prefix = key_prefix(service, month)
        self._last_day = month.last_day
        self._month = month.italian_name

    def line(self, child_id: int, difference: Difference, explanation: dict[str, Any] | None) -> EntryLine:
        """A charge, or the correction of one."""
        price = Money(difference.cents)
        correcting = difference.corrects is not None
        return EntryLine(
            child_id=child_id,
            service_code=self._service_code,
            kind=EntryKind.CORRECTION if correcting else EntryKind.CHARGE,
            amount=Money(-difference.cents * difference.meals),
            competence_on=self._last_day,
            description=self._description(difference.meals, correcting=correcting),
            key=f"{self._prefix}{child_id}:{difference.cents}:{difference.ordinal}",
            quantity=difference.meals,
            unit_price=price,
            corrects_id=difference.corrects,
            explanation=explanation,
        )

    def _description(self, meals: int, *, correcting: bool) -> str:
        one, many = _CHARGED if not correcting else _MORE if meals > 0 else _FEWER
        return (one if abs(meals) == 1 else many) % {"n": abs(meals), "month": self._month}


def lines_by_price(reckoning: Reckoning) -> Iterator[tuple[Money, int, Money]]:
    """Unit price, meals and amount, cheapest first: the breakdown people check."""
    for cents, meals in reckoning.meals_at.items():
        yield Money(cents), meals, Money(cents * meals)
