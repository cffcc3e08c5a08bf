"""Who is the first child: by age, by fee, by service. Acts seldom say, so it is a setting. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services_catalog.fee_table import SiblingCounting


@dataclass(frozen=True, slots=True)
class Ranked:
    """A child among brothers and sisters; ``alone_cents`` is what it would pay as the first child."""

    child_id: int
    birth_date: date | None = None
    service: str = ""
    alone_cents: int = 0


def in_order(children: Sequence[Ranked], counting: SiblingCounting) -> list[int]:
    """The ids of the children from the first on, whatever the order in which they are given.

    Children of a service named earlier come first; then by the order of the setting; then the eldest; twins by id; a
    child without a birth date comes last among its equals.
    """
    return [child.child_id for child in sorted(children, key=lambda child: _key(child, counting))]


def _key(child: Ranked, counting: SiblingCounting) -> tuple[int, int, bool, int, int]:
    named = counting.services
    service = named.index(child.service) if child.service in named else len(named)
    days = 0 if child.birth_date is None else child.birth_date.toordinal()
    fee = {"dearest_first": -child.alone_cents, "cheapest_first": child.alone_cents}.get(counting.order, 0)
    by_age = -days if counting.order == "youngest_first" else days
    return service, fee, child.birth_date is None, by_age, child.child_id
