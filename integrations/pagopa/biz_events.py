"""The receipt of a payment, asked for by its IUR: for payments that only a flow has told us of (P33)."""

from decimal import Decimal
from typing import Final

import msgspec

from integrations.errors import AnswerUnreadable
from integrations.pagopa.fdr import cents
from integrations.pagopa.moments import maybe_day, maybe_instant
from integrations.pagopa.port import Fetched
from integrations.pagopa.rest import Service, read
from integrations.pagopa.types import Caller, Debtor, ReceiptMessage, TransferLine

PATH: Final = "bizevents/service/v1"


class _Person(msgspec.Struct, rename="camel"):
    entity_unique_identifier_type: str
    entity_unique_identifier_value: str
    full_name: str
    street_name: str | None = None
    civic_number: str | None = None
    postal_code: str | None = None
    city: str | None = None
    state_province_region: str | None = None
    country: str | None = None
    email: str | None = None


class _Entry(msgspec.Struct):
    key: str = ""
    value: str = ""


class _Transfer(msgspec.Struct, rename="camel"):
    transfer_amount: Decimal
    remittance_information: str
    transfer_category: str
    fiscal_code_pa: str = msgspec.field(name="fiscalCodePA")
    id_transfer: int = 1
    iban: str | None = None
    mbd_attachment: str | None = None
    metadata: list[_Entry] | None = None


class _Receipt(msgspec.Struct, rename="camel"):
    receipt_id: str
    notice_number: str
    fiscal_code: str
    outcome: str
    creditor_reference_id: str
    payment_amount: Decimal
    description: str
    company_name: str
    debtor: _Person
    transfer_list: list[_Transfer]
    psp_company_name: str
    id_channel: str
    id_psp: str = msgspec.field(name="idPSP")
    office_name: str | None = None
    psp_fiscal_code: str | None = None
    psp_vat_number: str | None = msgspec.field(name="pspPartitaIVA", default=None)
    channel_description: str | None = None
    payer: _Person | None = None
    payment_method: str | None = None
    fee: Decimal | None = None
    primary_ci_incurred_fee: Decimal | None = None
    id_bundle: str | None = None
    id_ci_bundle: str | None = None
    payment_date_time: str | None = None
    payment_date_time_formatted: str | None = None
    application_date: str | None = None
    transfer_date: str | None = None
    metadata: list[_Entry] | None = None


class BizEvents:
    """The archive of the receipts of all payments."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def receipt(self, creditor_code: str, iur: str, *, iuv: str = "") -> Fetched | None:
        """The receipt; None when the archive has none yet. With `iuv` the one of that notice in the payment.

        It came by asking, not through a station: its caller names the creditor alone. Raises ConnectorError.
        """
        options = ("paymentoptions", iuv) if iuv else ()
        reply = self._service.ask("GET", "organizations", creditor_code, "receipts", iur, *options)
        if reply.status == 404:
            return None
        return Fetched(read_receipt(reply.body, creditor_code), reply.body)


def read_receipt(body: bytes, creditor_code: str) -> ReceiptMessage:
    """A receipt of the archive as it was kept. Raises AnswerUnreadable."""
    return _message(read(body, _Receipt), creditor_code)


def _message(found: _Receipt, creditor_code: str) -> ReceiptMessage:
    if found.outcome not in {"OK", "KO"} or not 1 <= len(found.transfer_list) <= 5 or not found.receipt_id:
        raise AnswerUnreadable
    return ReceiptMessage(
        caller=Caller(creditor_code, "", ""),
        version=2,
        receipt_id=found.receipt_id,
        notice_number=found.notice_number,
        fiscal_code=found.fiscal_code,
        outcome=found.outcome,
        creditor_reference=found.creditor_reference_id,
        amount_cents=cents(found.payment_amount),
        description=found.description,
        company_name=found.company_name,
        office_name=found.office_name or "",
        debtor=_person(found.debtor),
        transfers=tuple(_transfer(one) for one in found.transfer_list),
        psp_id=found.id_psp,
        psp_name=found.psp_company_name,
        channel_id=found.id_channel,
        channel=found.channel_description or "",
        psp_fiscal_code=found.psp_fiscal_code or "",
        psp_vat_number=found.psp_vat_number or "",
        payer=_person(found.payer) if found.payer else None,
        method=found.payment_method or "",
        fee_cents=None if found.fee is None else cents(found.fee),
        own_fee_cents=None if found.primary_ci_incurred_fee is None else cents(found.primary_ci_incurred_fee),
        paid_at=maybe_instant(found.payment_date_time_formatted or found.payment_date_time),
        applied_on=maybe_day(found.application_date),
        transferred_on=maybe_day(found.transfer_date),
        id_bundle=found.id_bundle or "",
        id_ci_bundle=found.id_ci_bundle or "",
        metadata=_metadata(found.metadata),
    )


def _person(told: _Person) -> Debtor:
    return Debtor(
        kind=told.entity_unique_identifier_type,
        code=told.entity_unique_identifier_value,
        full_name=told.full_name,
        street=told.street_name or "",
        number=told.civic_number or "",
        postal_code=told.postal_code or "",
        city=told.city or "",
        province=told.state_province_region or "",
        country=told.country or "",
        email=told.email or "",
    )


def _transfer(told: _Transfer) -> TransferLine:
    return TransferLine(
        number=told.id_transfer,
        amount_cents=cents(told.transfer_amount),
        fiscal_code=told.fiscal_code_pa,
        company_name="",
        iban=told.iban or "",
        remittance=told.remittance_information,
        category=told.transfer_category,
        metadata=_metadata(told.metadata),
        stamp=told.mbd_attachment or "",
    )


def _metadata(told: list[_Entry] | None) -> tuple[tuple[str, str], ...]:
    return tuple((one.key, one.value) for one in told or ())
