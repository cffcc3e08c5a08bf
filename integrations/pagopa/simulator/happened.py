"""The list of what happened: what the Node's desk shows, and where a broken contract is told aloud."""

import logging
from collections.abc import Callable
from typing import Final

from integrations.pagopa.simulator.models import Happening
from integrations.pagopa.simulator.station import Exchange
from sportello.kernel import clock

KEPT: Final = 20_000
log = logging.getLogger(__name__)
MOST = 300


def note(
    what: str, outcome: str, *, nav: str = "", fiscal_code: str = "", good: bool = True, answer: str = ""
) -> Happening:
    """Something that is no call of the station's."""
    return Happening.objects.create(
        at=clock.now(),
        what=what,
        outcome=outcome[:MOST],
        nav=nav,
        fiscal_code=fiscal_code,
        good=good,
        answer=answer,
    )


def noted_calls(nav: str, fiscal_code: str) -> Callable[[Exchange], None]:
    """Writes down each call about that notice."""

    def write(seen: Exchange) -> None:
        broken = seen.outcome.startswith("BadAnswer")
        if broken:
            log.error("Our station broke the contract", extra={"operation": seen.operation, "told": seen.outcome})
        Happening.objects.create(
            at=clock.now(),
            what=seen.operation,
            outcome=seen.outcome[:MOST],
            nav=nav,
            fiscal_code=fiscal_code,
            good=not broken,
            milliseconds=seen.milliseconds,
            request=seen.request.decode(errors="replace"),
            answer=seen.answer.decode(errors="replace"),
        )

    return write


def forget_old() -> int:
    """Keeps the newest only; returns how many went."""
    oldest = Happening.objects.order_by("-id").values_list("pk", flat=True)[KEPT : KEPT + 1]
    gone, _rows = Happening.objects.filter(pk__lte=max(oldest, default=0)).delete()
    return gone
