"""Reporting flows: what a provider says on the next day that it has poured out (P32 to P35).

`make_flow` is also for tests of other rooms.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import uuid4

from django.db import transaction
from django.db.models import Max, QuerySet

import integrations.pagopa.simulator.fence  # noqa: F401  # refuses to load in production
from integrations.pagopa.simulator.euro import cents_of
from integrations.pagopa.simulator.faults import FlowFault
from integrations.pagopa.simulator.happened import note
from integrations.pagopa.simulator.models import Flow, Payment
from integrations.pagopa.simulator.positions.reporting import mark_reported
from integrations.pagopa.simulator.providers import CARD, PROVIDERS
from sportello.kernel import clock
from sportello.kernel.clock import ROME

EXECUTED: Final = "EXECUTED"
STATES: Final = {
    FlowFault.NO_RPT: "NO_RPT",
    FlowFault.STAND_IN: "STAND_IN",
    FlowFault.STAND_IN_NO_RPT: "STAND_IN_NO_RPT",
}


@dataclass(frozen=True, slots=True)
class MadeFlow:
    """A published flow: its key, and what it declares."""

    psp_id: str
    fdr: str
    revision: int
    count: int
    cents: int
    lines: tuple[dict[str, Any], ...]


def make_flow(
    fiscal_code: str,
    day: date,
    faults: tuple[FlowFault | str, ...] = (),
    *,
    psp_id: str = CARD.psp_id,
    now: datetime | None = None,
) -> MadeFlow:
    """The provider's flow of that day's payments to a creditor, published now: the real one comes the day after.

    With REVISION it is the next revision of the last flow of that day, in place of a flow of its own. A payment
    without a receipt is in it as NO_RPT; strays are in it with EXTRA_LINE.
    """
    wrong = frozenset(FlowFault(one) for one in faults)
    with transaction.atomic():
        lines = _spoilt(_lines(fiscal_code, day, psp_id), wrong, fiscal_code, day)
        total = sum(line["cents"] for line in lines)
        fdr, revision = _name(fiscal_code, day, psp_id, again=FlowFault.REVISION in wrong)
        row = Flow.objects.create(
            fiscal_code=fiscal_code,
            psp_id=psp_id,
            fdr=fdr,
            revision=revision,
            day=day,
            published_at=now or clock.now(),
            regulation=f"TRN{day:%Y%m%d}{psp_id}{revision}",
            regulation_on=day + timedelta(days=1),
            declared_count=len(lines),
            declared_cents=total + (100 if FlowFault.WRONG_SUM in wrong else 0),
            lines=lines,
        )
        mark_reported(fiscal_code=fiscal_code, lines=lines)
    note("flow", f"{fdr} rev. {revision}: {len(lines)}", fiscal_code=fiscal_code)
    return MadeFlow(psp_id, fdr, revision, row.declared_count, row.declared_cents, tuple(lines))


def make_flows(day: date, faults: tuple[FlowFault | str, ...] = ()) -> list[MadeFlow]:
    """A flow of each provider for each creditor that was paid on that day and has none yet."""
    made = []
    for fiscal_code in sorted({line for payment in _paid_on(day) for line in _creditors(payment)}):
        for provider in PROVIDERS:
            had = Flow.objects.filter(fiscal_code=fiscal_code, psp_id=provider.psp_id, day=day).exists()
            if _lines(fiscal_code, day, provider.psp_id) and (not had or FlowFault.REVISION in faults):
                made.append(make_flow(fiscal_code, day, faults, psp_id=provider.psp_id))
    return made


def _paid_on(day: date) -> QuerySet[Payment]:
    begin = datetime.combine(day, time(), ROME)
    end = datetime.combine(day + timedelta(days=1), time(), ROME)
    return Payment.objects.filter(paid_at__gte=begin, paid_at__lt=end, receipt__outcome="OK").order_by("id")


def _creditors(payment: Payment) -> set[str]:
    return {line["fiscalCodePA"] for line in payment.receipt["transferList"]["transfer"]}


def _lines(fiscal_code: str, day: date, psp_id: str) -> list[dict[str, Any]]:
    return [
        {
            "iuv": payment.iuv,
            "iur": payment.receipt_id,
            "transfer": int(line["idTransfer"]),
            "cents": cents_of(line["transferAmount"]),
            "state": _state(payment),
            "at": payment.paid_at.isoformat(),
        }
        for payment in _paid_on(day).filter(psp_id=psp_id, stray=False)
        for line in payment.receipt["transferList"]["transfer"]
        if line["fiscalCodePA"] == fiscal_code
    ]


def _state(payment: Payment) -> str:
    stands_in = payment.receipt.get("standIn") is True
    if payment.silent:
        return "STAND_IN_NO_RPT" if stands_in else "NO_RPT"
    return "STAND_IN" if stands_in else EXECUTED


def _spoilt(
    lines: list[dict[str, Any]], wrong: frozenset[FlowFault], fiscal_code: str, day: date
) -> list[dict[str, Any]]:
    """The lines with what is wrong in them: always the last one that is as it should be."""
    if FlowFault.MISSING_LINE in wrong and lines:
        lines = lines[:-1]
    for fault in sorted(wrong & set(STATES)):
        plain = [line for line in lines if line["state"] == EXECUTED]
        if plain:
            plain[-1]["state"] = STATES[fault]
    if FlowFault.WRONG_AMOUNT in wrong and lines:
        lines[-1]["cents"] += 1
    if FlowFault.EXTRA_LINE in wrong:
        lines = [*lines, *_extra(fiscal_code, day)]
    return lines


def _extra(fiscal_code: str, day: date) -> list[dict[str, Any]]:
    """The strays of the day, or a line invented for want of any."""
    strays = _paid_on(day).filter(stray=True, fiscal_code=fiscal_code)
    told = [(one.iuv, one.receipt_id, one.amount_cents, one.paid_at) for one in strays]
    told = told or [("99000000000000099", uuid4().hex, 1900, datetime.combine(day, time(12), ROME))]
    return [
        {"iuv": iuv, "iur": iur, "transfer": 1, "cents": cents, "state": EXECUTED, "at": at.isoformat()}
        for iuv, iur, cents, at in told
    ]


def _name(fiscal_code: str, day: date, psp_id: str, *, again: bool) -> tuple[str, int]:
    """The name of a new flow, or that of the last one of the day with the revision after its last."""
    held = Flow.objects.filter(fiscal_code=fiscal_code, psp_id=psp_id, day=day)
    last = held.order_by("-fdr").first()
    if again and last is not None:
        newest = held.filter(fdr=last.fdr).aggregate(newest=Max("revision"))["newest"]
        return last.fdr, int(newest) + 1
    number = held.values("fdr").distinct().count() + 1
    # Flows are numbered per provider and day; the creditor's own digits keep those of two Comuni apart.
    return f"{day.isoformat()}{psp_id}-{fiscal_code[:11]}-{number:02d}", 1
