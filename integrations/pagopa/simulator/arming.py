"""The switches of the desk: a fault that is armed goes with the next payment of the pages, and is then spent."""

from integrations.pagopa.simulator.faults import Fault, faults_of
from integrations.pagopa.simulator.models import ArmedFault


def armed() -> tuple[Fault, ...]:
    """What the next payment will have."""
    return faults_of(list(ArmedFault.objects.order_by("name").values_list("name", flat=True)))


def switch(*, fault: Fault) -> bool:
    """Arms it, or disarms it; returns whether it is armed now."""
    removed, _rows = ArmedFault.objects.filter(name=fault).delete()
    if not removed:
        ArmedFault.objects.get_or_create(name=fault)
    return not removed


def spend() -> tuple[Fault, ...]:
    """What was armed; from now on nothing is."""
    found = armed()
    ArmedFault.objects.all().delete()
    return found
