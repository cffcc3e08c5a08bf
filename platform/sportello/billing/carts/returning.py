"""The browser comes back from Checkout: remembered, believed by nobody (P25)."""

from datetime import datetime

from sportello.billing.carts.models import Cart, Return


def note_return(*, cart: Cart, how: Return, now: datetime) -> None:
    """Keeps how and when the browser came back; positions and ledger stay as they are until a receipt comes."""
    cart.returned, cart.returned_at = how, now
    cart.save(update_fields=["returned", "returned_at"])
