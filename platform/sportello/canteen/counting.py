"""The canteen tells charging what its rolls counted: meals, presences, absences, day by day."""

from collections.abc import Collection, Mapping
from datetime import date

from services_catalog.models import Archetype, Service
from sportello.canteen.closed_days import is_closed, roll_calls_on_closed_days
from sportello.canteen.models import Presence
from sportello.enrolment.registers import DaysRegister
from sportello.kernel.dates import DateRange

FEW = 100
"""So many children are asked for by name; beyond, the rolls are read whole."""


def meals_register(service: Service, within: DateRange, children: Collection[int]) -> Mapping[int, DaysRegister]:
    """The register of each child of the canteen, closed days left out; nothing for another service.

    A child marked at a roll without eating was absent: the canteen knows no other presence than a meal.
    """
    if service.archetype != Archetype.MEALS:
        return {}
    closed = roll_calls_on_closed_days(service, within)
    rows = Presence.objects.filter(day__gte=within.start, day__lt=within.end).exclude(roll_call__in=closed)
    rows = rows.filter(child__in=children) if len(children) < FEW else rows
    ate: dict[int, set[date]] = {child: set() for child in children}
    missed: dict[int, set[date]] = {child: set() for child in children}
    held = rows.exclude(is_closed()).order_by("pk").values_list("child_id", "day", "ate")
    for child, day, eaten in held.iterator(chunk_size=10_000):
        if child in ate:
            (ate if eaten else missed)[child].add(day)
    return {child: _register(frozenset(ate[child]), frozenset(missed[child])) for child in children}


def _register(ate: frozenset[date], missed: frozenset[date]) -> DaysRegister:
    return DaysRegister({"meals": ate, "days_present": ate, "days_absent": missed})
