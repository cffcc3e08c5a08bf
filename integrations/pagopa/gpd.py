"""Debt positions at GPD, or the same interface at ACA (version 1): upsert, publish, annul, paid elsewhere, polling."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

import msgspec

from integrations.errors import AnswerUnreadable, ConnectorError
from integrations.pagopa.errors import PositionClosed, PositionUnknown, Refused
from integrations.pagopa.moments import end_of, maybe_instant, start_of, written
from integrations.pagopa.position_checks import check_position
from integrations.pagopa.positions import (
    Creditor,
    OptionStatus,
    OptionTold,
    Position,
    PositionOption,
    PositionStatus,
    PositionTold,
)
from integrations.pagopa.rest import Service, read
from integrations.pagopa.types import TransferLine

PATHS: Final = {"gpd": "gpd/debt-positions-service/v1", "aca": "aca/debt-positions-service/v1"}
PAGE: Final = 50
_DEAD: Final = frozenset({PositionStatus.INVALID, PositionStatus.EXPIRED})
_TAKEN: Final = frozenset({409, 422})


class _Option(msgspec.Struct, rename="camel"):
    amount: int
    iuv: str
    nav: str = ""
    status: OptionStatus = OptionStatus.UNPAID
    payment_date: str | None = None
    id_receipt: str | None = None
    psp_company: str | None = None
    id_flow_reporting: str | None = None


class _Position(msgspec.Struct, rename="camel"):
    iupd: str
    status: PositionStatus
    payment_option: list[_Option] = []


class _Pages(msgspec.Struct):
    page: int
    total_pages: int


class _Listing(msgspec.Struct):
    payment_position_list: list[_Position]
    page_info: _Pages


class _Changed(msgspec.Struct, rename="camel"):
    updated_transfers: int = 0


class Positions:
    """The positions of creditors at GPD or ACA."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def upsert(self, creditor: Creditor, position: Position, *, today: date, publish: bool = True) -> None:
        """Creates the position, or changes the one of the same id: sending twice does no harm (P24).

        Raises PositionUnfit, PositionClosed, ConnectorError.
        """
        check_position(position, today=today)
        body = position_body(creditor, position)
        here = ("organizations", creditor.fiscal_code, "debtpositions")
        try:
            self._service.ask("POST", *here, body=body, toPublish=publish)
        except Refused as no:
            if no.status != 409:
                raise
            self._replace(here, position.position_id, body, publish=publish)

    def _replace(self, here: tuple[str, ...], position_id: str, body: object, *, publish: bool) -> None:
        """The id is taken: by this position, sent before. By another (a number used twice) it is a refusal."""
        try:
            reply = self._service.ask("PUT", *here, position_id, body=body, toPublish=publish)
        except Refused as no:
            raise _closed(no) from no
        if reply.status == 404:
            raise Refused(409, title="Conflict", detail="IUV or NAV already used by another position")

    def publish(self, creditor: Creditor, position_id: str) -> None:
        """A draft becomes payable. Raises PositionUnknown, PositionClosed, ConnectorError."""
        self._act(creditor, position_id, "publish")

    def invalidate(self, creditor: Creditor, position_id: str) -> None:
        """The position can no longer be paid, for ever; one that cannot be any more stays so.

        Raises PositionUnknown, PositionClosed, ConnectorError.
        """
        try:
            self._act(creditor, position_id, "invalidate")
        except PositionClosed:
            told = self.read(creditor, position_id)
            if told is None or told.status not in _DEAD:
                raise

    def mark_paid(self, creditor: Creditor, notice_number: str, *, at: datetime) -> None:
        """Paid elsewhere (a desk's POS, set off): the option counts as paid whatever the position's state.

        Raises PositionUnknown, PositionClosed, ConnectorError.
        """
        steps = ("organizations", creditor.fiscal_code, "paymentoptions", "paids", notice_number)
        self._post(*steps, body={"paymentDate": written(at)})

    def read(self, creditor: Creditor, position_id: str) -> PositionTold | None:
        """What is there; None when nothing is. Raises ConnectorError."""
        found = self._service.get(_Position, "organizations", creditor.fiscal_code, "debtpositions", position_id)
        return None if found is None else _told(found)

    def paid_since(self, creditor: Creditor, since: datetime) -> Iterator[PositionTold]:
        """The positions with a payment from that instant on, page after page. Raises ConnectorError."""
        page = 0
        while True:
            found = self._service.get(
                _Listing,
                "organizations",
                creditor.fiscal_code,
                "debtpositions",
                payment_date_time_from=written(since),
                limit=PAGE,
                page=page,
                orderby="INSERTED_DATE",
                ordering="ASC",
            )
            if found is None:
                return
            yield from (_told(one) for one in found.payment_position_list)
            page += 1
            if page >= found.page_info.total_pages:
                return

    def change_iban(self, creditor: Creditor, *, old: str, new: str) -> int:
        """A new IBAN for all that is not paid, a thousand at a time; how many were changed. GPD alone has it."""
        changed = 0
        steps = ("organizations", creditor.fiscal_code, "debtpositions", "transfers")
        while True:
            reply = self._service.ask("PATCH", *steps, body={"newIban": new}, oldIban=old, limit=1000)
            count = 0 if reply.status == 404 else read(reply.body, _Changed).updated_transfers
            changed += count
            if count < 1000:
                return changed

    def probe(self, creditor_code: str) -> None:
        """Asks for one position of nobody: key and address are proved by an answer of any kind but a refusal."""
        self._service.ask("GET", "organizations", creditor_code, "debtpositions", limit=1, page=0)

    def _act(self, creditor: Creditor, position_id: str, act: Literal["publish", "invalidate"]) -> None:
        self._post("organizations", creditor.fiscal_code, "debtpositions", position_id, act)

    def _post(self, *steps: str, body: object = None) -> None:
        try:
            reply = self._service.ask("POST", *steps, body=body)
        except Refused as no:
            raise _closed(no) from no
        if reply.status == 404:
            raise PositionUnknown


def _closed(no: Refused) -> ConnectorError:
    return PositionClosed() if no.status in _TAKEN else no


def position_body(creditor: Creditor, position: Position) -> dict[str, Any]:
    """As PaymentPositionModel has it; what is empty is left out."""
    debtor = position.debtor
    optional = {
        "streetName": debtor.street,
        "civicNumber": debtor.number,
        "postalCode": debtor.postal_code,
        "city": debtor.city,
        "province": debtor.province,
        "country": debtor.country,
        "email": debtor.email,
        "officeName": creditor.office_name,
        "validityDate": start_of(position.valid_from) if position.valid_from else "",
    }
    return {
        "iupd": position.position_id,
        "type": debtor.kind,
        "fiscalCode": debtor.code,
        "fullName": debtor.full_name,
        "companyName": creditor.company_name,
        "switchToExpired": position.switch_to_expired,
        "payStandIn": position.pay_standin,
        **{name: value for name, value in optional.items() if value},
        "paymentOption": [_option_body(creditor, one) for one in position.options],
    }


def _option_body(creditor: Creditor, option: PositionOption) -> dict[str, Any]:
    """Both lists of metadata are required, also when they are empty."""
    return {
        "nav": option.notice_number,
        "iuv": option.iuv,
        "amount": option.amount_cents,
        "description": option.description,
        "isPartialPayment": option.is_instalment,
        "dueDate": end_of(option.due_on),
        "transfer": [_transfer_body(creditor, one) for one in option.transfers],
        "paymentOptionMetadata": _metadata(option.metadata),
    }


def _transfer_body(creditor: Creditor, transfer: TransferLine) -> dict[str, Any]:
    return {
        "idTransfer": str(transfer.number),
        "amount": transfer.amount_cents,
        "organizationFiscalCode": transfer.fiscal_code,
        "companyName": transfer.company_name or creditor.company_name,
        "remittanceInformation": transfer.remittance,
        "category": transfer.category,
        "iban": transfer.iban,
        "transferMetadata": _metadata(transfer.metadata),
    }


def _metadata(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in pairs]


def _told(found: _Position) -> PositionTold:
    return PositionTold(found.iupd, found.status, tuple(_option_told(one) for one in found.payment_option))


def _option_told(one: _Option) -> OptionTold:
    nav = one.nav or f"3{one.iuv}"
    if len(nav) != 18:
        raise AnswerUnreadable
    return OptionTold(
        notice_number=nav,
        amount_cents=one.amount,
        status=one.status,
        paid_at=maybe_instant(one.payment_date, zone=UTC),
        receipt_id=one.id_receipt or "",
        psp=one.psp_company or "",
        flow=one.id_flow_reporting or "",
    )
