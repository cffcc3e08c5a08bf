"""Flows as PSPs make them, for the tests."""

from datetime import date, timedelta
from typing import Any

from integrations.pagopa.flows import Flow, FlowName, FlowOutcome, FlowPayment
from sportello.billing.receipts.models import Receipt
from tests.factories.paying import NOW


def line(
    iuv: str, iur: str, cents: int, *, number: int = 1, outcome: FlowOutcome = FlowOutcome.EXECUTED
) -> FlowPayment:
    return FlowPayment(0, iuv, iur, number, cents, outcome, NOW)


def line_of(receipt: Receipt, cents: int | None = None, **fields: Any) -> FlowPayment:
    return line(receipt.iuv, receipt.receipt_id, receipt.own_cents if cents is None else cents, **fields)


def flow(creditor: str, *lines: FlowPayment, fdr: str = "2026-11-23PSP-1", revision: int = 1, **fields: Any) -> Flow:
    """A flow that adds up unless it is told other sums."""
    values: dict[str, Any] = {
        "name": FlowName(fdr, "PSP", revision, NOW + timedelta(minutes=revision), NOW),
        "creditor_code": creditor,
        "regulation": f"TRN-{fdr}",
        "regulated_on": date(2026, 11, 24),
        "bank_bic": "",
        "psp_name": "Banca di prova",
        "declared_count": len(lines),
        "declared_cents": sum(one.amount_cents for one in lines),
        "payments": tuple(
            FlowPayment(n, one.iuv, one.iur, one.transfer_number, one.amount_cents, one.outcome, one.paid_at)
            for n, one in enumerate(lines, start=1)
        ),
    }
    return Flow(**{**values, **fields})
