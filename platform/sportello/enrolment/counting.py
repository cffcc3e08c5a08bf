"""The port by which a room that calls the roll tells what it counted: rooms above register, charging asks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from services_catalog.models import Service
from sportello.enrolment.models import MonthCount
from sportello.enrolment.registers import DaysRegister, MonthsRegister, Registers
from sportello.kernel.dates import DateRange
from sportello.kernel.month import Month

type Counter = Callable[[Service, DateRange, Collection[int]], Mapping[int, DaysRegister]]
"""For a service, some days and children by id: the register of each child it has one for. A fixed number of queries."""

_counters: list[Counter] = []


def register_counter(counter: Counter) -> None:
    """Adds a room to those asked; it answers nothing for a service that is not its own."""
    if counter not in _counters:
        _counters.append(counter)


def registers_of(service: Service, within: DateRange, days: Mapping[int, Sequence[date]]) -> dict[int, Registers]:
    """The registers of each child (by id, with its days of service): the rolls first, then what the office wrote."""
    rolls = [counter(service, within, days.keys()) for counter in _counters]
    numbers = _written_down(service, within)
    return {
        child: Registers(
            (
                *(roll[child] for roll in rolls if child in roll),
                MonthsRegister(numbers.get(child, {}), own),
            )
        )
        for child, own in days.items()
    }


def kept_by_rolls(service: Service, within: DateRange, children: Collection[int]) -> frozenset[str]:
    """What the rolls of the rooms count for those children: the office need not write it down."""
    rolls = [counter(service, within, children) for counter in _counters]
    names = {str(name) for roll in rolls for register in roll.values() for name in register.on}
    return frozenset(names | ({"days_absent_in_a_row"} if "days_absent" in names else set()))


def _written_down(service: Service, within: DateRange) -> dict[int, dict[tuple[Month, str], int]]:
    found: dict[int, dict[tuple[Month, str], int]] = {}
    held = MonthCount.objects.filter(service=service, month__gte=within.start, month__lt=within.end)
    for child, month, counted, number in held.order_by("pk").values_list("child_id", "month", "counted", "number"):
        found.setdefault(child, {})[Month.of(month), counted] = number
    return found
