"""A Comune of the site at another stage for a while: the journeys share it, and the others expect it live."""

from collections.abc import Iterator
from contextlib import contextmanager

from tenants.hosts import announce_change
from tenants.models import Municipality, Stage


@contextmanager
def at_stage(slug: str, stage: Stage) -> Iterator[None]:
    """Inside the block the Comune is at that stage, and the running product knows; afterwards it is live again."""
    _move(slug, stage)
    try:
        yield
    finally:
        _move(slug, Stage.LIVE)


def _move(slug: str, stage: Stage) -> None:
    Municipality.objects.filter(slug=slug).update(stage=stage)
    announce_change()
