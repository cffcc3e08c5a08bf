"""The checkout: a cart comes in, a person pays, refuses, leaves or lets it wait, and the browser goes back (P25)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from integrations.pagopa.simulator.contracts import BadAnswer
from integrations.pagopa.simulator.faults import Fault
from integrations.pagopa.simulator.happened import note
from integrations.pagopa.simulator.models import Cart, CartState
from integrations.pagopa.simulator.offering import NoOffer, offer_of
from integrations.pagopa.simulator.paying import Paid, Way, pay
from integrations.pagopa.simulator.station import Offer
from integrations.pagopa.simulator.wire import NoAnswer, Wire

type Text140 = Annotated[str, Meta(max_length=140)]
AFTER_RETURN: Final = timedelta(seconds=4)
"""A receipt usually comes a moment after the browser is back."""
AFTER_WAITING: Final = timedelta(minutes=1)


class Notice(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """One of the notices of a cart."""

    notice_number: Annotated[str, Meta(pattern="^[0-9]{18}$")]
    fiscal_code: Annotated[str, Meta(pattern="^[0-9]{11}$")]
    amount: Annotated[int, Meta(ge=1)]
    company_name: Text140
    description: Text140


class ReturnUrls(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Where the browser goes afterwards: the second version wants all four."""

    return_ok_url: str
    return_cancel_url: str
    return_error_url: str
    return_waiting_url: str


class CartRequest(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The body of POST /carts, second version."""

    payment_notices: Annotated[list[Notice], Meta(min_length=1, max_length=5)]
    return_urls: ReturnUrls
    email_notice: Annotated[str, Meta(pattern="^[^@ ]+@[^@ ]+$")] | UnsetType = UNSET
    id_cart: Annotated[str, Meta(max_length=210)] | UnsetType = UNSET
    allCCP: bool | UnsetType = UNSET  # noqa: N815  # the contract's own spelling, which no rule of renaming gives


class BadCart(Exception):
    """The cart is not what the contract wants."""


@dataclass(frozen=True, slots=True)
class CartLine:
    """A notice on the page: what was asked, and what the creditor says now (or why it says nothing)."""

    notice: Notice
    offer: Offer | None
    refusal: str

    @property
    def has_changed(self) -> bool:
        """Whether the creditor now wants another amount than the cart says (P18)."""
        return self.offer is not None and self.offer.amount_cents != self.notice.amount


def open_cart(*, body: bytes, now: datetime) -> Cart:
    """Keeps a cart. Raises BadCart."""
    try:
        sent = msgspec.json.decode(body, type=CartRequest)
    except msgspec.MsgspecError as error:
        raise BadCart(str(error)) from error
    addresses = msgspec.structs.asdict(sent.return_urls)
    if any(urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname for url in addresses.values()):
        raise BadCart("each return URL must be absolute")
    numbers = [(one.fiscal_code, one.notice_number) for one in sent.payment_notices]
    if len(set(numbers)) != len(numbers):
        raise BadCart("the same notice twice")
    cart = Cart.objects.create(token=uuid4().hex, content=msgspec.to_builtins(sent), made_at=now)
    note("cart", cart.token, fiscal_code=numbers[0][0], nav=numbers[0][1])
    return cart


def request_of(cart: Cart) -> CartRequest:
    """What was sent."""
    return msgspec.convert(cart.content, CartRequest)


def lines_of(cart: Cart, *, station_url: str, wire: Wire, now: datetime) -> list[CartLine]:
    """Each notice of the cart, verified now."""
    return [_line(one, station_url, wire, now) for one in request_of(cart).payment_notices]


def pay_cart(
    cart: Cart, *, station_url: str, wire: Wire, faults: tuple[Fault, ...], now: datetime, wait: bool = False
) -> tuple[str, list[Paid]]:
    """Pays every notice of an open cart; returns where the browser goes, and how each went.

    The receipts follow a moment later, by the queue; with RECEIPT_FIRST they are there before the browser is back.
    A cart that is not open any more only says where the browser goes.
    """
    urls = request_of(cart).return_urls
    if cart.state != CartState.OPEN:
        return urls.return_ok_url if cart.state == CartState.PAID else urls.return_error_url, []
    cart.state = CartState.WAITING if wait else CartState.PAID
    cart.save(update_fields=["state"])
    way = Way(station_url, wire, now, frozenset(faults), AFTER_WAITING if wait else AFTER_RETURN)
    paid = [_pay(one, cart, way) for one in request_of(cart).payment_notices]
    if not all(one.is_paid for one in paid):
        cart.state = CartState.REFUSED
        cart.save(update_fields=["state"])
        return urls.return_error_url, paid
    return urls.return_waiting_url if wait else urls.return_ok_url, paid


def leave_cart(cart: Cart, *, refused: bool) -> str:
    """The card is refused, or the person goes away: nothing is paid; returns where the browser goes."""
    if cart.state == CartState.OPEN:
        cart.state = CartState.REFUSED if refused else CartState.ABANDONED
        cart.save(update_fields=["state"])
        note("cart", f"{cart.token}: {cart.state}")
    urls = request_of(cart).return_urls
    return urls.return_error_url if refused else urls.return_cancel_url


def _line(notice: Notice, station_url: str, wire: Wire, now: datetime) -> CartLine:
    try:
        offer = offer_of(notice.notice_number, notice.fiscal_code, station_url=station_url, wire=wire, now=now)
    except NoOffer as error:
        return CartLine(notice, None, str(error))
    return CartLine(notice, offer, "")


def _pay(notice: Notice, cart: Cart, way: Way) -> Paid:
    try:
        return pay(
            notice.notice_number,
            notice.fiscal_code,
            station_url=way.station_url,
            wire=way.wire,
            faults=tuple(way.faults),
            note=str(cart.content.get("idCart", "")),
            cart=cart,
            now=way.now,
            send_in=timedelta() if Fault.RECEIPT_FIRST in way.faults else way.send_in,
        )
    except (NoAnswer, BadAnswer) as error:
        return Paid(notice.notice_number, notice.fiscal_code, fault_code=type(error).__name__, words=str(error))
