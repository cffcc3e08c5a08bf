"""Which code runs a kind of job. Rooms register in `AppConfig.ready`."""

from collections.abc import Callable
from typing import Any, Protocol

from sportello.jobs.models import Job


class Progress(Protocol):
    """How a runner tells how far it is. Writes are throttled and survive the runner's own transaction."""

    def advance(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None: ...


Runner = Callable[[Job, Progress], dict[str, Any]]
_runners: dict[str, Runner] = {}
_in_pieces: set[str] = set()


def register(kind: str, runner: Runner, *, in_pieces: bool = False) -> None:
    """Ties a kind to its runner; a second runner for the same kind is a programming error.

    A runner works in one transaction, all or nothing, unless it works `in_pieces`: then it commits each of them itself,
    with how far it is, and run again it goes on from there.
    """
    if _runners.get(kind, runner) is not runner:
        raise ValueError(f"The job kind {kind} has two runners.")
    _runners[kind] = runner
    if in_pieces:
        _in_pieces.add(kind)


def runner_of(kind: str) -> Runner:
    """The runner; raises KeyError for a kind nobody registered."""
    return _runners[kind]


def works_in_pieces(kind: str) -> bool:
    """Whether the runner commits its pieces itself."""
    return kind in _in_pieces
