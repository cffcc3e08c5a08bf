"""What the Comune decided about ISEE."""

from sportello.means.rules import HoldingPolicy


def policy_of_comune() -> HoldingPolicy:
    """No Comune has yet said that it accepts omissions and discrepancies; the editions will say it, here it is read."""
    return HoldingPolicy()
