"""What a ledger entry keeps of a price for ever."""

from typing import Any

from services_catalog.models import Edition


def explain(edition: Edition, steps: list[Any]) -> dict[str, Any]:
    """The edition, its act and the steps (as JSON): enough to tell and to work out the amount again years later."""
    return {
        "edition": edition.pk,
        "revision": edition.revision,
        "act_number": edition.act_number,
        "act_date": edition.act_date.isoformat() if edition.act_date else "",
        "act_url": edition.act_url,
        "steps": steps,
    }
