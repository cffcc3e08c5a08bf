"""What a gateway to pagoPA can do for the ledger, whoever answers (P48). No amounts but integer cents cross it.

The ledger decides and keeps; a gateway is told, and asked. Whoever cannot do a thing raises NotOffered.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol

from integrations.pagopa.carts import Cart
from integrations.pagopa.flows import Flow
from integrations.pagopa.positions import Creditor, Position, Quote
from integrations.pagopa.types import ReceiptMessage
from integrations.registry import Client


@dataclass(frozen=True, slots=True)
class Fetched:
    """A receipt that was asked for, and its bytes as they came."""

    message: ReceiptMessage
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Traits:
    """How a gateway differs for who uses it. `is_polled`: it takes payments in our place, and has to be asked for them;
    `knows_plans`: whole and instalments exclude each other there by themselves (P10); `expires`: it knows the last day
    of a notice, and takes no money after it (P12).
    """

    is_polled: bool
    knows_plans: bool = True
    expires: bool = True


NOTHING_KNOWN: Final[frozenset[str]] = frozenset()


class Gateway(Client, Protocol):
    """A way to pagoPA."""

    traits: Traits

    def publish(self, creditor: Creditor, position: Position, *, today: date) -> None:
        """Makes a position payable, or brings what is there up to date: twice is once.

        Raises PositionUnfit, PositionClosed, ConnectorError.
        """
        ...

    def annul(self, creditor: Creditor, position: Position) -> None:
        """The position can no longer be paid, for ever: twice is once.

        Raises PositionUnknown, PositionClosed, ConnectorError.
        """
        ...

    def mark_paid(self, creditor: Creditor, position: Position, notice_number: str, *, at: datetime) -> None:
        """Paid elsewhere. Raises PositionUnknown, PositionClosed, NotOffered, ConnectorError."""
        ...

    def quote(self, creditor: Creditor, position: Position, notice_number: str) -> Quote | None:
        """What would be asked for a notice now; None when nothing is known of it. Raises NotOffered, ConnectorError."""
        ...

    def receipts_since(
        self, creditor: Creditor, since: datetime, *, awaited: Iterable[str], known: Container[str] = NOTHING_KNOWN
    ) -> Iterator[Fetched]:
        """The receipts of payments from an instant on, maybe more: the same one twice does no harm.

        `awaited`: the notice numbers still open, for gateways that can only be asked about one; `known`: the receipt
        ids that need not be fetched again. Raises ConnectorError.
        """
        ...

    def receipt(self, creditor: Creditor, iur: str, *, iuv: str = "") -> Fetched | None:
        """One receipt by its number (P33); None when there is none yet. Raises NotOffered, ConnectorError."""
        ...

    def flows_since(self, creditor: Creditor, since: datetime) -> Iterator[Flow]:
        """The flows published after an instant, whole. Raises NotOffered, ConnectorError."""
        ...

    def notice_pdf(self, creditor: Creditor, notice_number: str) -> bytes | None:
        """The gateway's own notice; None when it makes none, and ours is printed instead (P29)."""
        ...

    def open_cart(self, cart: Cart) -> str:
        """The address on which the cart is paid. Raises CartUnfit, NotOffered, ConnectorError."""
        ...
