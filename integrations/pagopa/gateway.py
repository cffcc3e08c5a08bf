"""The door of the connector: what rooms call, in the current Comune. Each call leaves a line in the exchange log.

None of it may be called in a transaction: an outbox row first, then a task (P24). `reference` is an id of ours, never a
person's code. All raise ConnectorError: NotConfigured, OtherGateway, and what the port says.
"""

from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from integrations.pagopa.carts import Cart
from integrations.pagopa.errors import OtherGateway
from integrations.pagopa.flows import Flow
from integrations.pagopa.institutions import institution_of
from integrations.pagopa.models import CreditorInstitution
from integrations.pagopa.port import NOTHING_KNOWN, Fetched, Gateway, Traits
from integrations.pagopa.positions import Creditor, Position, Quote
from integrations.pagopa.registering import KIND
from integrations.registry import Line, connector_for, exchange
from sportello.kernel.clock import ROME
from tenants.current import current_municipality


def publish(position: Position, *, reference: str, now: datetime) -> None:
    """Sends a position, new or changed. Raises PositionUnfit, PositionClosed."""
    with _at("publish", reference, now) as (gateway, creditor):
        gateway.publish(creditor, position, today=now.astimezone(ROME).date())


def annul(position: Position, *, reference: str, now: datetime) -> None:
    """Nobody can pay it any more. Raises PositionUnknown, PositionClosed."""
    with _at("annul", reference, now) as (gateway, creditor):
        gateway.annul(creditor, position)


def mark_paid(position: Position, notice_number: str, *, at: datetime, reference: str, now: datetime) -> None:
    """It was paid elsewhere. Raises PositionUnknown, PositionClosed, NotOffered."""
    with _at("mark_paid", reference, now) as (gateway, creditor):
        gateway.mark_paid(creditor, position, notice_number, at=at)


def quote(position: Position, notice_number: str, *, reference: str, now: datetime) -> Quote | None:
    """What the gateway would ask for a notice. Raises NotOffered."""
    with _at("quote", reference, now) as (gateway, creditor):
        return gateway.quote(creditor, position, notice_number)


def receipts_since(
    since: datetime,
    *,
    awaited: Iterable[str] = (),
    known: Container[str] = NOTHING_KNOWN,
    reference: str,
    now: datetime,
) -> Iterator[Fetched]:
    """The receipts of what was paid since, each with its bytes, one after the other: what came is in the caller's hands
    before the next is asked for.
    """
    with _at("receipts", reference, now) as (gateway, creditor):
        yield from gateway.receipts_since(creditor, since, awaited=awaited, known=known)


def receipt(iur: str, *, iuv: str = "", reference: str, now: datetime) -> Fetched | None:
    """One receipt by its number (P33). Raises NotOffered."""
    with _at("receipt", reference, now) as (gateway, creditor):
        return gateway.receipt(creditor, iur, iuv=iuv)


def flows_since(since: datetime, *, reference: str, now: datetime) -> list[Flow]:
    """The flows published since, whole. Raises NotOffered."""
    with _at("flows", reference, now) as (gateway, creditor):
        return list(gateway.flows_since(creditor, since))


def notice_pdf(notice_number: str, *, reference: str, now: datetime) -> bytes | None:
    """The gateway's own notice, if it makes one."""
    with _at("notice_pdf", reference, now) as (gateway, creditor):
        return gateway.notice_pdf(creditor, notice_number)


def open_cart(cart: Cart, *, reference: str, now: datetime) -> str:
    """The address to send the browser to (P25). Raises CartUnfit, NotOffered."""
    with _at("cart", reference, now) as (gateway, _creditor):
        return gateway.open_cart(cart)


def traits() -> Traits:
    """What the gateway of the current Comune is like. Asks nobody."""
    line, _institution = _line()
    return cast("Gateway", line.client).traits


@contextmanager
def _at(operation: str, reference: str, now: datetime) -> Iterator[tuple[Gateway, Creditor]]:
    """The gateway of the current Comune and who the Comune is to it, inside one exchange."""
    line, institution = _line()
    creditor = Creditor(
        fiscal_code=institution.fiscal_code,
        company_name=institution.company_name,
        office_name=institution.office_name,
        broker_code=institution.broker_code,
        station_code=institution.station_code,
    )
    with exchange(line, operation=operation, reference=reference, now=now):
        yield cast("Gateway", line.client), creditor


def _line() -> tuple[Line, CreditorInstitution]:
    institution = institution_of(current_municipality())
    line = connector_for(KIND)
    if not line.adapter.is_simulator and line.adapter.name != institution.adapter:
        raise OtherGateway
    return line, institution
