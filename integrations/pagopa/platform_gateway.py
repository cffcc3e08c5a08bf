"""The ways over PagoPA's own platform: positions at GPD, or our station with its copy at ACA."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from integrations.named_secrets import secret
from integrations.pagopa import biz_events, checkout, fdr, gpd, gpd_receipts
from integrations.pagopa.carts import Cart
from integrations.pagopa.flows import Flow
from integrations.pagopa.port import NOTHING_KNOWN, Fetched, Traits
from integrations.pagopa.positions import Creditor, OptionStatus, Position, PositionStatus, Quote
from integrations.pagopa.rest import Service
from integrations.pagopa.settings import PlatformSettings
from integrations.registry import Secret

NOBODY: Final = "00000000000"
_PAYABLE: Final = frozenset({PositionStatus.VALID, PositionStatus.PARTIALLY_PAID})


@dataclass(frozen=True, slots=True)
class Services:
    """The services behind a way. `archive` is GPD's own store of receipts: ACA has none."""

    positions: gpd.Positions
    flows: fdr.Flows
    receipts: biz_events.BizEvents
    checkout: checkout.Checkout
    archive: gpd_receipts.GpdReceipts | None = None


class GpdGateway:
    """Positions at GPD: PagoPA answers the payers, we poll what was paid."""

    product = "gpd"
    traits = Traits(is_polled=True)

    def __init__(self, settings: PlatformSettings, key: Secret, *, services: Services | None = None) -> None:
        self.settings = settings
        self._there = services or _services(settings, key, self.product)

    def probe(self) -> None:
        """Asks for the positions of nobody: it proves address and key."""
        self._there.positions.probe(NOBODY)

    def publish(self, creditor: Creditor, position: Position, *, today: date) -> None:
        """By id: created, or changed."""
        self._there.positions.upsert(creditor, position, today=today)

    def annul(self, creditor: Creditor, position: Position) -> None:
        """Invalid for ever (P9)."""
        self._there.positions.invalidate(creditor, position.position_id)

    def mark_paid(self, creditor: Creditor, position: Position, notice_number: str, *, at: datetime) -> None:  # noqa: ARG002 -- the port's
        """Told by the notice number alone."""
        self._there.positions.mark_paid(creditor, notice_number, at=at)

    def quote(self, creditor: Creditor, position: Position, notice_number: str) -> Quote | None:
        """As the position stands there; an option is payable when the position is and nothing excludes it (P10)."""
        told = self._there.positions.read(creditor, position.position_id)
        option = next((one for one in told.options if one.notice_number == notice_number), None) if told else None
        if told is None or option is None:
            return None
        whole = {one.notice_number for one in position.options if not one.is_instalment}
        begun = told.status == PositionStatus.PARTIALLY_PAID
        is_paid = option.status != OptionStatus.UNPAID
        is_payable = told.status in _PAYABLE and not is_paid and not (begun and notice_number in whole)
        return Quote(notice_number, option.amount_cents, is_payable=is_payable, is_paid=is_paid)

    def receipts_since(
        self,
        creditor: Creditor,
        since: datetime,
        *,
        awaited: Iterable[str],  # noqa: ARG002 -- the port's
        known: Container[str] = NOTHING_KNOWN,
    ) -> Iterator[Fetched]:
        """The receipt of every option paid since: by its number, else from GPD's archive."""
        for told in self._there.positions.paid_since(creditor, since):
            for option in told.options:
                if option.paid_at is None or option.paid_at < since or option.receipt_id in known:
                    continue
                found = self.receipt(creditor, option.receipt_id, iuv=option.notice_number[1:])
                if found is not None:
                    yield found

    def receipt(self, creditor: Creditor, iur: str, *, iuv: str = "") -> Fetched | None:
        """From the archive of all payments; by reference from GPD's own, in XML, when that one has nothing."""
        found = self._there.receipts.receipt(creditor.fiscal_code, iur) if iur else None
        if found is None and iuv and self._there.archive is not None:
            return self._there.archive.receipt(creditor.fiscal_code, iuv)
        return found

    def flows_since(self, creditor: Creditor, since: datetime) -> Iterator[Flow]:
        """One after the other; one that is gone meanwhile is left out."""
        for name in self._there.flows.published(creditor.fiscal_code, since=since):
            flow = self._there.flows.flow(creditor.fiscal_code, name)
            if flow is not None:
                yield flow

    def notice_pdf(self, creditor: Creditor, notice_number: str) -> bytes | None:  # noqa: ARG002 -- the port's
        """Ours is printed: the platform's printer is another product."""
        return None

    def open_cart(self, cart: Cart) -> str:
        """At Checkout, whichever way the positions go."""
        return self._there.checkout.open_cart(cart)


class AcaGateway(GpdGateway):
    """Positions at ACA, which has the same interface and no archive of receipts."""

    product = "aca"


class StationGateway(AcaGateway):
    """Our own station answers the payers; every position still goes to ACA, as whoever is synchronous must (D2)."""

    traits = Traits(is_polled=False)

    def receipts_since(
        self,
        creditor: Creditor,  # noqa: ARG002 -- the port's
        since: datetime,  # noqa: ARG002
        *,
        awaited: Iterable[str],  # noqa: ARG002
        known: Container[str] = NOTHING_KNOWN,  # noqa: ARG002
    ) -> Iterator[Fetched]:
        """None: the Node brings them to the station, and repeats until they are taken. A flow tells of a lost one."""
        return iter(())


def _services(settings: PlatformSettings, key: Secret, product: str) -> Services:
    def service(path: str, name: str = "") -> Service:
        opens = (lambda: secret(name)) if name else key
        return Service(f"{settings.base.rstrip('/')}/{path}", opens, seconds=settings.seconds)

    return Services(
        positions=gpd.Positions(service(gpd.PATHS[product])),
        flows=fdr.Flows(service(fdr.PATH, settings.flows_key)),
        receipts=biz_events.BizEvents(service(biz_events.PATH, settings.receipts_key)),
        checkout=checkout.Checkout(service(checkout.PATH, settings.checkout_key)),
        archive=gpd_receipts.GpdReceipts(service(gpd_receipts.PATH)) if product == "gpd" else None,
    )
