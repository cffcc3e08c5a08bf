"""Sending the decisions that are drafts, as the office does."""

from sportello.families.models import Child
from sportello.fees.models import PriceDecision
from sportello.fees.sending import Sending, send_prices
from tests.factories.editions import NOW


def send(*children: Child) -> Sending:
    """Send every draft, or those of the children; nobody is told."""
    drafts = PriceDecision.objects.to_send()
    drafts = drafts.filter(child__in=children) if children else drafts
    return send_prices(drafts=drafts, actor=None, now=NOW, tell=False)
