"""The BackOffice's external interface: what PagoPA has on record about a broker's creditors (P4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from integrations.pagopa.moments import instant
from integrations.pagopa.rest import Service

PATH: Final = "backoffice/external/ec/v1"
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A creditor on one station, as PagoPA has it."""

    fiscal_code: str
    company_name: str
    broker_code: str
    station_code: str
    station_state: str
    aux_digit: str
    segregation_code: str
    cbill_code: str
    is_enabled: bool
    is_broadcast: bool
    primitive_version: int | None
    receipt_endpoint: str


@dataclass(frozen=True, slots=True)
class IbanOnRecord:
    """An account of a creditor, as PagoPA has it."""

    fiscal_code: str
    iban: str
    status: str
    valid_from: datetime


class _Pages(msgspec.Struct, rename="camel"):
    total_pages: int


class _Institution(msgspec.Struct, rename="camel"):
    tax_code: str
    company_name: str
    broker_tax_code: str
    aux_digit: str
    station_state: str
    ci_status: bool
    station_id: str | None = None
    segregation_code: str | None = None
    cbill_code: str | None = None
    broadcast: bool = False
    primitive_version: int | None = None
    endpoint_rt: str | None = msgspec.field(name="endpointRT", default=None)


class _Institutions(msgspec.Struct, rename="camel"):
    creditor_institutions: list[_Institution]
    page_info: _Pages


class _Iban(msgspec.Struct, rename="camel"):
    ci_fiscal_code: str
    iban: str
    status: str
    validity_date: str


class _Ibans(msgspec.Struct, rename="camel"):
    ibans: list[_Iban]
    page_info: _Pages


class BackOffice:
    """What is on record for a broker."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def institutions(self, broker_code: str) -> Iterator[OnRecord]:
        """Its creditors, one for each station they stand on. Raises ConnectorError."""
        page, last = 0, 1
        while page < last:
            steps = ("brokers", broker_code, "creditor_institutions")
            found = self._service.get(_Institutions, *steps, page=page, limit=PAGE)
            if found is None:
                return
            yield from (_on_record(one) for one in found.creditor_institutions)
            page, last = page + 1, found.page_info.total_pages

    def ibans(self, broker_code: str) -> Iterator[IbanOnRecord]:
        """The accounts of its creditors. Raises ConnectorError."""
        page, last = 0, 1
        while page < last:
            found = self._service.get(_Ibans, "brokers", broker_code, "ibans", page=page, limit=PAGE)
            if found is None:
                return
            for one in found.ibans:
                yield IbanOnRecord(one.ci_fiscal_code, one.iban, one.status, instant(one.validity_date))
            page, last = page + 1, found.page_info.total_pages


def _on_record(one: _Institution) -> OnRecord:
    return OnRecord(
        fiscal_code=one.tax_code,
        company_name=one.company_name,
        broker_code=one.broker_tax_code,
        station_code=one.station_id or "",
        station_state=one.station_state,
        aux_digit=one.aux_digit,
        segregation_code=one.segregation_code or "",
        cbill_code=one.cbill_code or "",
        is_enabled=one.ci_status,
        is_broadcast=one.broadcast,
        primitive_version=one.primitive_version,
        receipt_endpoint=one.endpoint_rt or "",
    )
