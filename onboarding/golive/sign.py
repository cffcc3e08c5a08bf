"""What the board of the Comuni says of the start here."""

from datetime import date, datetime, time
from typing import Final

from onboarding.golive.standing import rows_here
from onboarding.signs import Sign
from sportello.kernel.clock import ROME
from sportello.kernel.errors import gettext_noop
from tenants.current import current_municipality
from tenants.models import Stage

GO_LIVE: Final = "go_live"
NEAR: Final = frozenset({Stage.SHADOW_MONTH, Stage.GO_LIVE})
"""Stages from which the start is in sight: before, nearly every check would block and say nothing new."""


def read_go_live(today: date) -> list[Sign]:
    """How many checks block the start; nothing where it is far, or done."""
    municipality = current_municipality()
    if municipality.stage not in NEAR:
        return []
    rows = rows_here(municipality=municipality, now=datetime.combine(today, time.max, ROME))
    asked = [row for row in rows if row.check.blocking]
    blocked = sum(row.state == "blocked" for row in asked)
    label, share = gettext_noop("Controlli dell'avvio"), 100 * (len(asked) - blocked) // len(asked)
    params: dict[str, str | int] = {"blocked": blocked, "all": len(asked)}
    if blocked:
        words = gettext_noop("%(blocked)s su %(all)s bloccano")
        return [Sign(GO_LIVE, label, words, params, tone="attention", blocks=Stage.LIVE, share=share)]
    return [Sign(GO_LIVE, label, gettext_noop("%(all)s, nessuno blocca"), params, tone="success", share=share)]
