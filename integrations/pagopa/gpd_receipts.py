"""The archive of receipts beside GPD: a list that says little (pagopa-api #1024), and each receipt in XML."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec

from integrations.errors import AnswerUnreadable
from integrations.pagopa.port import Fetched
from integrations.pagopa.rest import Service
from integrations.pagopa.soap.errors import BadMessage
from integrations.pagopa.soap.reading import read_receipt

PATH: Final = "gpd/payments-receipts-service/v1"
PAGE: Final = 100


class _Line(msgspec.Struct, rename="camel"):
    """The items have no type in the contract: of them only the reference is used."""

    iuv: str = ""


class _Listing(msgspec.Struct, rename="camel"):
    total_pages: int
    results: list[_Line] = []


class GpdReceipts:
    """The receipts that GPD holds for a creditor."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def references(self, creditor_code: str, *, since: date, until: date) -> Iterator[str]:
        """The payment references (IUV) paid in those days. Raises ConnectorError."""
        page, last = 0, 1
        while page < last:
            told = {"pageNum": page, "pageSize": PAGE, "from": since.isoformat(), "to": until.isoformat()}
            found = self._service.get(_Listing, "payments", creditor_code, "receipts", **told)
            if found is None:
                return
            yield from (one.iuv for one in found.results if one.iuv)
            page, last = page + 1, found.total_pages

    def receipt(self, creditor_code: str, iuv: str) -> Fetched | None:
        """The receipt, in the version of the PSP's primitive; None when there is none yet.

        Raises ConnectorError.
        """
        reply = self._service.ask("GET", "payments", creditor_code, "receipts", iuv)
        if reply.status == 404:
            return None
        try:
            return Fetched(read_receipt(reply.body), reply.body)
        except BadMessage as wrong:
            raise AnswerUnreadable from wrong
