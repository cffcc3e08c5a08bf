"""The Comune's way to Checkout."""

from integrations.errors import NotConfigured
from integrations.pagopa.carts import Cart


def checkout(cart: Cart) -> str:
    """The address on which the cart is paid. Raises ConnectorError."""
    raise NotConfigured
