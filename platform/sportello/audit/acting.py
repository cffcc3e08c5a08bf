"""In whose name something is done: while support staff act as a citizen, what is recorded of her is recorded as theirs.

One place: `recording.record` asks here, so that no use case need know that somebody assists.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acting:
    """Two account ids: the person at the keyboard, and the one as whom she acts."""

    actor: int
    on_behalf_of: int


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


@contextmanager
def acting(pair: Acting | None) -> Iterator[None]:
    """What is recorded in the block as done by `pair.on_behalf_of` was done by `pair.actor`. None: in her own name."""
    token = _acting.set(pair)
    try:
        yield
    finally:
        _acting.reset(token)


def hands_of(actor: int | None) -> tuple[int | None, int | None]:
    """Who really acted, and on whose behalf (None: her own)."""
    pair = _acting.get()
    return (pair.actor, pair.on_behalf_of) if pair is not None and pair.on_behalf_of == actor else (actor, None)
