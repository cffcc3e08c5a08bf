"""How many places of a service are taken, asked of the room above that keeps subscriptions: it registers its answer."""

from collections.abc import Callable
from datetime import date

from services_catalog.models import Edition
from services_catalog.schema import EditionContent
from sportello.applications.admissibility.places import PlacesLeft

type Counter = Callable[[Edition, EditionContent, date], dict[str, int]]
"""(edition, its content, first day) -> the places taken from that day on, by the code of their group."""

_counters: list[Counter] = []


def register_counter(counter: Counter) -> None:
    """Called once, in `AppConfig.ready` of the room that keeps subscriptions."""
    if counter not in _counters:
        _counters.append(counter)


def places_taken(edition: Edition, content: EditionContent, first_day: date) -> dict[str, int]:
    """How many places of each group are taken from that day on; empty where the edition counts none."""
    if content.admission.capacity is None:
        return {}
    taken: dict[str, int] = {}
    for counter in _counters:
        taken |= counter(edition, content, first_day)
    return taken


def places_left(edition: Edition, content: EditionContent, first_day: date) -> list[PlacesLeft]:
    """Every group of places with how many are taken."""
    capacity = content.admission.capacity
    taken = places_taken(edition, content, first_day)
    return [PlacesLeft(group, taken.get(group.code, 0)) for group in capacity.places] if capacity else []
