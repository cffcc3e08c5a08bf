"""What the Comune decided about ISEE."""

from services_catalog.models import Edition, EditionStatus
from sportello.means.rules import HoldingPolicy


def policy_of_comune() -> HoldingPolicy:
    """Omissions and discrepancies are accepted where the edition in force of some service says so (``isee.accepted``).

    Whether they are for one service is asked of its edition, when its prices are decided. One query.
    """
    editions = Edition.objects.filter(status=EditionStatus.IN_FORCE).order_by("pk")
    return HoldingPolicy(
        accepts_discrepancies=any("with_omissions" in edition.rules.fees.isee.accepted for edition in editions)
    )
