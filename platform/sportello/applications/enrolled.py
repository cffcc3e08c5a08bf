"""Who uses a service, asked of the room above that keeps subscriptions: it registers its answer when it starts."""

from collections.abc import Callable, Iterable
from datetime import date

type Reader = Callable[[Iterable[int], int, date], set[int]]
"""(child ids, service id, day) -> the ids of those who use the service on that day."""

_readers: list[Reader] = []


def register_reader(reader: Reader) -> None:
    """Called once, in `AppConfig.ready` of the room that keeps subscriptions."""
    if reader not in _readers:
        _readers.append(reader)


def users_among(child_ids: Iterable[int], service_id: int, day: date) -> set[int]:
    """Which of the children use the service on that day."""
    ids = list(child_ids)
    return set().union(*(reader(ids, service_id, day) for reader in _readers))
