"""Whether the fees of an edition are those of a real act. One place: pages ask here and nowhere else."""

from typing import Final

from services_catalog.fee_table import structs_of
from services_catalog.models import Edition

_NOT_OFFICIAL: Final = "demo-"


def fees_are_confirmed(edition: Edition) -> bool:
    """False for an act made up for the demonstration, and where something of the fees waits for the act."""
    if not edition.act_number or edition.act_number.startswith(_NOT_OFFICIAL):
        return False
    rules = edition.rules
    return not rules.assumptions and not any(getattr(one, "assumption", "") for one in structs_of(rules.fees))
