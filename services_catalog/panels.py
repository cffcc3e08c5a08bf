"""What rooms above add to the page on which an edition is judged: each registers a maker when it starts."""

from collections.abc import Callable
from dataclasses import dataclass

from services_catalog.models import Edition
from sportello.accounts.models import Account


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page: its template, which reads ``content``."""

    template: str
    content: object


type Maker = Callable[[Edition, Account], Panel]
"""(the edition, who looks at it) -> the panel; what is read of families is on record before it is shown."""

_makers: list[Maker] = []


def register_panel(maker: Maker) -> None:
    """Called once, in ``AppConfig.ready`` of the room; panels stand in the order of the rooms."""
    if maker not in _makers:
        _makers.append(maker)


def panels_of(edition: Edition, reader: Account) -> list[Panel]:
    """Every panel of an edition."""
    return [maker(edition, reader) for maker in _makers]
