"""A kept price told again: amount, unit, the lines of its explanation and the act behind them."""

from typing import Any

from services_catalog.models import Edition
from sportello.fees.rules import Price, Step
from sportello.fees.telling import Told, tell_price
from sportello.kernel.money import Money


def told(kept: dict[str, Any], edition: Edition) -> Told:
    """The price kept with an application, in the language of the page: the words follow, the figures do not move."""
    return tell_price(price_of(kept), edition)


def price_of(kept: dict[str, Any]) -> Price:
    """The price from its plain data."""
    return Price(
        amount=Money(kept["amount_cents"]),
        unit=kept["unit"],
        block_meals=kept["block_meals"],
        steps=tuple(Step(**step) for step in kept["steps"]),
    )
