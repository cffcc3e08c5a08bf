"""Reporting flows by REST (D4): which were published, and each with all its lines, page after page (P32)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import msgspec

from integrations.errors import AnswerUnreadable
from integrations.pagopa.flows import Flow, FlowName, FlowOutcome, FlowPayment
from integrations.pagopa.moments import day, instant, maybe_instant, written
from integrations.pagopa.rest import Service

PATH: Final = "fdr-org/service/v1"
PAGE: Final = 1000


class _Pages(msgspec.Struct, rename="camel"):
    tot_page: int = 1


class _Published(msgspec.Struct, rename="camel"):
    fdr: str
    psp_id: str
    revision: int
    published: str | None = None
    flow_date: str | None = None


class _PublishedPage(msgspec.Struct):
    metadata: _Pages
    data: list[_Published] = []


class _Party(msgspec.Struct, rename="camel"):
    psp_name: str = ""
    organization_id: str = ""


class _Flow(msgspec.Struct, rename="camel"):
    fdr: str
    revision: int
    regulation: str
    regulation_date: str
    tot_payments: int
    sum_payments: Decimal
    sender: _Party
    receiver: _Party
    bic_code_pouring_bank: str | None = None
    published: str | None = None
    fdr_date: str | None = None


class _Payment(msgspec.Struct, rename="camel"):
    index: int
    iuv: str
    iur: str
    id_transfer: int
    pay: Decimal
    pay_status: FlowOutcome
    pay_date: str


class _PaymentPage(msgspec.Struct):
    metadata: _Pages
    data: list[_Payment] = []


class Flows:
    """The flows that PSPs published for creditors. The Node keeps old ones about a month (P34): fetch and keep."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def published(self, creditor_code: str, *, since: datetime | None = None) -> Iterator[FlowName]:
        """The names of the flows published after an instant. Raises ConnectorError."""
        page, last = 1, 1
        while page <= last:
            found = self._service.get(
                _PublishedPage,
                "organizations",
                creditor_code,
                "fdrs",
                publishedGt=written(since) if since else None,
                page=page,
                size=PAGE,
            )
            if found is None:
                return
            yield from (_name(one) for one in found.data)
            page, last = page + 1, found.metadata.tot_page

    def flow(self, creditor_code: str, name: FlowName) -> Flow | None:
        """A flow whole; None when it is no longer there. Raises ConnectorError, AnswerUnreadable."""
        steps = _steps(creditor_code, name)
        head = self._service.get(_Flow, *steps)
        if head is None:
            return None
        return Flow(
            name=FlowName(
                head.fdr,
                name.psp_id,
                head.revision,
                maybe_instant(head.published, zone=UTC) or name.published_at,
                maybe_instant(head.fdr_date, zone=UTC) or name.made_at,
            ),
            creditor_code=head.receiver.organization_id or creditor_code,
            regulation=head.regulation,
            regulated_on=day(head.regulation_date),
            bank_bic=head.bic_code_pouring_bank or "",
            psp_name=head.sender.psp_name,
            declared_count=head.tot_payments,
            declared_cents=cents(head.sum_payments),
            payments=tuple(self._payments(steps)),
        )

    def _payments(self, steps: tuple[str, ...]) -> Iterator[FlowPayment]:
        page, last = 1, 1
        while page <= last:
            found = self._service.get(_PaymentPage, *steps, "payments", page=page, size=PAGE)
            if found is None:
                raise AnswerUnreadable  # the head was there a moment ago
            yield from (_payment(one) for one in found.data)
            page, last = page + 1, found.metadata.tot_page

    def probe(self, creditor_code: str) -> None:
        """Asks whether anything was published; whatever the list, the line works."""
        self._service.ask("GET", "organizations", creditor_code, "fdrs", page=1, size=1)


def cents(amount: Decimal) -> int:
    """Euro with up to two decimals, as JSON numbers have them. Raises AnswerUnreadable."""
    found = amount.scaleb(2)
    if not found.is_finite() or found != found.to_integral_value() or found < 0:
        raise AnswerUnreadable
    return int(found)


def _steps(creditor_code: str, name: FlowName) -> tuple[str, ...]:
    return ("organizations", creditor_code, "fdrs", name.fdr, "revisions", str(name.revision), "psps", name.psp_id)


def _name(one: _Published) -> FlowName:
    return FlowName(
        one.fdr,
        one.psp_id,
        one.revision,
        maybe_instant(one.published, zone=UTC),
        maybe_instant(one.flow_date, zone=UTC),
    )


def _payment(one: _Payment) -> FlowPayment:
    return FlowPayment(
        index=one.index,
        iuv=one.iuv,
        iur=one.iur,
        transfer_number=one.id_transfer,
        amount_cents=cents(one.pay),
        outcome=one.pay_status,
        paid_at=instant(one.pay_date, zone=UTC),
    )
