"""Checkout carts, version 2: a cart goes out, the address of its page comes back (P25)."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from integrations.errors import AnswerUnreadable
from integrations.pagopa.carts import Cart, CartNotice
from integrations.pagopa.errors import CartUnfit
from integrations.pagopa.numbers import is_readable
from integrations.pagopa.rest import Service

PATH: Final = "checkout/ec/v2"
MOST_NOTICES: Final = 5
TRUSTED: Final = "pagopa.it"


class Checkout:
    """The page on which people pay. Its answer is a 302: never followed from here, the browser does."""

    def __init__(self, service: Service, *, own_host: str = "") -> None:
        self._service = service
        self._own_host = own_host

    def open_cart(self, cart: Cart) -> str:
        """The address to send the browser to. Raises CartUnfit, ConnectorError."""
        check_cart(cart)
        reply = self._service.ask("POST", "carts", body=cart_body(cart))
        place = urlsplit(reply.location)
        if reply.status != 302 or not self._is_known(place.scheme, place.hostname or ""):
            raise AnswerUnreadable
        return reply.location

    def _is_known(self, scheme: str, host: str) -> bool:
        """A browser is sent to pagoPA and nowhere else."""
        if self._own_host:
            return host == self._own_host
        return scheme == "https" and (host == TRUSTED or host.endswith(f".{TRUSTED}"))


def check_cart(cart: Cart) -> None:
    """Raises CartUnfit."""
    if not 1 <= len(cart.notices) <= MOST_NOTICES:
        raise CartUnfit(_("In un carrello stanno da uno a cinque avvisi."))
    numbers = [(one.fiscal_code, one.notice_number) for one in cart.notices]
    if len(set(numbers)) != len(numbers):
        raise CartUnfit(_("Lo stesso avviso è due volte nel carrello."))
    for one in cart.notices:
        sound = is_readable(one.notice_number) and len(one.fiscal_code) == 11 and one.fiscal_code.isdecimal()
        if not sound or one.amount_cents < 1 or not _fits(one.company_name) or not _fits(one.description):
            raise CartUnfit(_("Un avviso del carrello non ha numero, importo o causale come pagoPA li vuole."))


def _fits(text: str) -> bool:
    return 1 <= len(text) <= 140


def cart_body(cart: Cart) -> dict[str, Any]:
    """As CartRequestV2 has it."""
    told = cart.addresses
    body: dict[str, Any] = {
        "paymentNotices": [_notice(one) for one in cart.notices],
        "returnUrls": {
            "returnOkUrl": told.paid,
            "returnCancelUrl": told.cancelled,
            "returnErrorUrl": told.failed,
            "returnWaitingUrl": told.waiting,
        },
        "idCart": cart.cart_id,
    }
    if cart.email:
        body["emailNotice"] = cart.email
    if cart.all_postal is not None:
        body["allCCP"] = cart.all_postal
    return body


def _notice(one: CartNotice) -> dict[str, Any]:
    return {
        "noticeNumber": one.notice_number,
        "fiscalCode": one.fiscal_code,
        "amount": one.amount_cents,
        "companyName": one.company_name,
        "description": one.description,
    }
