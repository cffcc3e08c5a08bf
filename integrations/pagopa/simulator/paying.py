"""A notice is paid: verify, get, the money, the receipt. `pay` is what pages and tests of other rooms call."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import integrations.pagopa.simulator.fence  # noqa: F401  # refuses to load in production
from integrations.pagopa.simulator import delivering
from integrations.pagopa.simulator.euro import cents_of
from integrations.pagopa.simulator.faults import Fault
from integrations.pagopa.simulator.happened import note as note_happening
from integrations.pagopa.simulator.happened import noted_calls
from integrations.pagopa.simulator.institutions import called, name_of
from integrations.pagopa.simulator.models import Cart, DeliveryState, Payment
from integrations.pagopa.simulator.positions.paying import close_copy, kept_offer, kept_payment, settle_at_gpd
from integrations.pagopa.simulator.providers import CARD, COUNTER, Provider
from integrations.pagopa.simulator.receipts import SOMEBODY_ELSE, Paying, receipt_of
from integrations.pagopa.simulator.station import Called, Line, Offer, Refused, Station
from integrations.pagopa.simulator.wire import NoAnswer, Wire, over_http
from sportello.kernel import clock

NOWHERE: Final = "00000000000_99"
STRAY_NAV: Final = "399000000000000"


@dataclass(frozen=True, slots=True)
class Paid:
    """How it went. Not paid: `fault_code` says why, and there is no receipt.

    `said`: what the station answered to each receipt that was sent ("" in a queue that has not been run yet).
    """

    nav: str
    fiscal_code: str
    amount_cents: int = 0
    receipt_ids: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    fault_code: str = ""
    words: str = ""

    @property
    def is_paid(self) -> bool:
        """Whether money was taken."""
        return bool(self.receipt_ids)

    @property
    def receipt_id(self) -> str:
        """Of the first payment; "" when there is none."""
        return self.receipt_ids[0] if self.receipt_ids else ""


@dataclass(frozen=True, slots=True)
class Way:
    """How a payment goes: to which station, over which wire, when, and with what going wrong."""

    station_url: str
    wire: Wire
    now: datetime
    faults: frozenset[Fault] = frozenset()
    send_in: timedelta = timedelta()

    @property
    def version(self) -> int:
        """Of the calls that the provider uses."""
        return 1 if Fault.FIRST_VERSION in self.faults else 2


def verify(
    nav: str, fiscal_code: str, *, station_url: str, wire: Wire = over_http, now: datetime | None = None
) -> Offer:
    """What the notice says now: GPD where it is kept there, else our station. Raises Refused, BadAnswer, NoAnswer."""
    at_gpd = kept_offer(nav, fiscal_code, now=now or clock.now())
    return at_gpd or _station(nav, called(fiscal_code), station_url, wire).verify(nav)


def pay(
    nav: str,
    fiscal_code: str,
    *,
    station_url: str,
    faults: tuple[Fault | str, ...] = (),
    wire: Wire = over_http,
    provider: Provider = CARD,
    note: str = "",
    cart: Cart | None = None,
    now: datetime | None = None,
    send_in: timedelta = timedelta(),
) -> Paid:
    """Pays a notice as a person would, with what goes wrong on the way.

    The receipt is sent at once; with `send_in` greater than nothing, or after an answer that was none, it waits in
    the queue of `delivering.send_due`. Raises BadAnswer when the station breaks the contract, and NoAnswer when it
    does not answer verify or get: those are not tried again.
    """
    now = now or clock.now()
    way = Way(station_url, wire, now, frozenset(Fault(one) for one in faults), send_in)
    times = 2 if Fault.DOUBLE_PAYMENT in way.faults else 1
    try:
        data = kept_payment(nav, fiscal_code, now=now)
        at_gpd = data is not None
        data = data or _activated(nav, fiscal_code, way, note)
    except Refused as error:
        return Paid(nav, fiscal_code, fault_code=error.code, words=error.words)
    made = [
        Paying(uuid4().hex, nav, fiscal_code, name_of(fiscal_code), provider, now, note, way.version, way.faults)
        for _time in range(times)
    ]
    payments = [_keep(data, one, cart) for one in made]
    if at_gpd:
        settle_at_gpd(payments[0], provider.name, now=now)
        note_happening("kept", payments[0].receipt_id, nav=nav, fiscal_code=fiscal_code)
        said = ["GPD"] * times
    else:
        if Fault.FAILED_RECEIPT not in way.faults:
            close_copy(payments[0], provider.name, now=now)
        said = [_send(one, way) for one in payments]
    if Fault.UNKNOWN_NOTICE in way.faults:
        stray_receipt(fiscal_code, station_url=station_url, wire=wire, now=now)
    return Paid(nav, fiscal_code, payments[0].amount_cents, tuple(one.receipt_id for one in payments), tuple(said))


def stray_receipt(
    fiscal_code: str, *, station_url: str, wire: Wire = over_http, now: datetime | None = None, cents: int = 1900
) -> Paid:
    """A receipt for a notice that we have never issued: another broker's, by broadcast (P20)."""
    now = now or clock.now()
    nav = STRAY_NAV + f"{uuid4().int % 1000:03d}"
    amount = f"{cents // 100}.{cents % 100:02d}"
    data: dict[str, Any] = {
        "creditorReferenceId": nav[1:],
        "paymentAmount": amount,
        "description": "Carta di identita elettronica",
        "companyName": name_of(fiscal_code),
        "debtor": SOMEBODY_ELSE,
        "transferList": {
            "transfer": [
                {
                    "idTransfer": "1",
                    "transferAmount": amount,
                    "fiscalCodePA": fiscal_code,
                    "IBAN": "IT60X0542811101000000123456",
                    "remittanceInformation": f"/RFB/{nav[1:]}/{amount}/TXT/Carta di identita",
                    "transferCategory": "9/0103100TS/",
                }
            ]
        },
    }
    made = Paying(uuid4().hex, nav, fiscal_code, name_of(fiscal_code), COUNTER, now)
    payment = _keep(data, made, None, stray=True)
    said = _send(payment, Way(station_url, wire, now))
    return Paid(nav, fiscal_code, cents, (payment.receipt_id,), (said,))


def _activated(nav: str, fiscal_code: str, way: Way, note: str) -> dict[str, Any]:
    """Verify, then get. Raises Refused, BadAnswer, NoAnswer."""
    whom = called(fiscal_code)
    if Fault.WRONG_STATION in way.faults:
        whom = Called(whom.fiscal_code, whom.broker_code, NOWHERE)
    station = _station(nav, whom, way.station_url, way.wire)
    asked = station.verify(nav).amount_cents + (100 if Fault.AMOUNT_CHANGED in way.faults else 0)
    if Fault.LOST_ACTIVATION in way.faults:
        with suppress(NoAnswer):
            station.get(nav, amount_cents=asked, note=note, version=way.version, lost=True)
    return station.get(nav, amount_cents=asked, note=note, version=way.version)


def _station(nav: str, whom: Called, station_url: str, wire: Wire) -> Station:
    return Station(Line(station_url, wire, noted_calls(nav, whom.fiscal_code)), whom)


def _keep(data: dict[str, Any], made: Paying, cart: Cart | None, *, stray: bool = False) -> Payment:
    receipt = receipt_of(data, made)
    return Payment.objects.create(
        receipt_id=made.receipt_id,
        nav=made.nav,
        fiscal_code=made.fiscal_code,
        iuv=receipt["creditorReferenceId"],
        amount_cents=cents_of(receipt["paymentAmount"]),
        psp_id=made.provider.psp_id,
        paid_at=made.paid_at,
        version=made.version,
        receipt=receipt,
        silent=Fault.SILENT in made.faults,
        stray=stray,
        cart=cart,
    )


def _send(payment: Payment, way: Way) -> str:
    if payment.silent:
        note_happening("silent", "NO_RPT", nav=payment.nav, fiscal_code=payment.fiscal_code)
        return ""
    delivery = delivering.queue(payment, station_url=way.station_url, due_at=way.now + way.send_in, faults=way.faults)
    if way.send_in:
        return ""
    said = delivering.attempt(delivery, now=way.now, wire=way.wire, loud=True)
    if Fault.DUPLICATE_RECEIPT not in way.faults:
        return said
    for again in payment.deliveries.exclude(pk=delivery.pk).filter(state=DeliveryState.WAITING).order_by("id"):
        delivering.attempt(again, now=way.now, wire=way.wire, loud=True)
    return said
