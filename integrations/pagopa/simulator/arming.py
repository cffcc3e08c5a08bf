"""The switches of the desk: a fault that is armed goes with the next payment of the pages, or with the next call by
which a creditor tells something, and is then spent.
"""

from integrations.pagopa.simulator.faults import CallFault, Fault, faults_of
from integrations.pagopa.simulator.models import ArmedFault


def armed() -> tuple[Fault, ...]:
    """What the next payment will have."""
    return faults_of(_names())


def armed_calls() -> tuple[CallFault, ...]:
    """What the next calls will have, one after the other."""
    return tuple(CallFault(name) for name in _names() if name in CallFault)


def switch(*, fault: Fault | CallFault) -> bool:
    """Arms it, or disarms it; returns whether it is armed now."""
    removed, _rows = ArmedFault.objects.filter(name=fault).delete()
    if not removed:
        ArmedFault.objects.get_or_create(name=fault)
    return not removed


def spend() -> tuple[Fault, ...]:
    """What was armed for a payment; from now on nothing is."""
    found = armed()
    ArmedFault.objects.filter(name__in=list(Fault)).delete()
    return found


def spend_call() -> CallFault | None:
    """The first that was armed for a call; from now on it is not."""
    for fault in armed_calls():
        ArmedFault.objects.filter(name=fault).delete()
        return fault
    return None


def _names() -> list[str]:
    return list(ArmedFault.objects.order_by("name").values_list("name", flat=True))
