"""Signs of how ready a Comune is: each room says its own, the board gathers them all and imports none of the rooms.

A room registers a reader in `AppConfig.ready`::

    register_signs("training", read_training)

    def read_training(today: date) -> list[Sign]:
        return [Sign("training", gettext_noop("Formazione"), gettext_noop("%(done)s persone su %(all)s"),
                     params={"done": 3, "all": 5}, blocks="go_live", share=60)]

The reader runs inside the schema of the Comune, when `onboarding.board.gathering` passes: a few cheap queries, no
personal data, no call to the outside. What it says is kept in words to translate, so that each reads her language.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

type Tone = Literal["success", "attention", "danger", "neutral", "info"]

CONNECTORS: Final = "connectors"
DATA_QUALITY: Final = "data_quality"
TRAINING: Final = "training"
"""Keys that the board shows in a column of their own; any other sign stands on the page of the Comune."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One reading. `label` and `value` are marked sentences, `params` fill the value.

    `blocks`: the stage (of `tenants.models.Stage`) that may not begin while the sign stands; empty when all is well.
    `share`: hundredths, where the reading is a part of a whole, to sort and compare.
    """

    key: str
    label: str
    value: str
    params: dict[str, str | int] = field(default_factory=dict)
    tone: Tone = "neutral"
    blocks: str = ""
    share: int | None = None


type Reader = Callable[[date], Iterable[Sign]]

_readers: dict[str, Reader] = {}


def register_signs(room: str, reader: Reader) -> None:
    """Adds the reader of a room; a second one of the same name is a programming error."""
    if _readers.setdefault(room, reader) is not reader:
        raise ValueError(f"The room {room} tells its signs twice.")


def signs_here(today: date) -> list[Sign]:
    """What every room says of the current Comune, room by room in alphabetical order."""
    return [sign for _room, reader in sorted(_readers.items()) for sign in reader(today)]
