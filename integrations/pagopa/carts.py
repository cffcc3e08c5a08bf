"""A cart: what a person pays in one go at Checkout (P25)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CartNotice:
    """One notice in a cart."""

    notice_number: str
    fiscal_code: str
    amount_cents: int
    company_name: str
    description: str


@dataclass(frozen=True, slots=True)
class ReturnAddresses:
    """Where the browser comes back to. None of them says that anything was paid: the receipt does."""

    paid: str
    cancelled: str
    failed: str
    waiting: str


@dataclass(frozen=True, slots=True)
class Cart:
    """One to five notices, also of several creditors. `cart_id` comes back in the receipt's note."""

    notices: tuple[CartNotice, ...]
    addresses: ReturnAddresses
    cart_id: str
    email: str = ""
    all_postal: bool | None = None
