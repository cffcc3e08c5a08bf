"""The round of every night: flows fetched and kept, lines judged, lost receipts asked for, what agrees reported.

Other systems are asked outside any transaction; each step may be interrupted and is taken up again by the next round.
"""

import hashlib
import json
import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Min

from integrations.errors import ConnectorError
from integrations.pagopa import gateway
from integrations.pagopa.flows import FlowOutcome
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.receipts.models import Receipt, ReceiptSource
from sportello.billing.receipts.settling import settle
from sportello.billing.receipts.station import keep_receipt
from sportello.billing.reconciliation.archiving import archive_flow, last_published
from sportello.billing.reconciliation.judging import judge_waiting, report_agreed
from sportello.billing.reconciliation.models import FlowLine, LineVerdict

log = logging.getLogger(__name__)
FIRST: Final = timedelta(days=30)  # the Node keeps no more (P34)
OVERLAP: Final = timedelta(hours=1)  # a flow may be shown a little after its instant of publication
MOST_AT_ONCE: Final = 200
WITHOUT_RECEIPT: Final = tuple(
    one.value for one in (FlowOutcome.NO_RPT, FlowOutcome.STAND_IN, FlowOutcome.STAND_IN_NO_RPT)
)


def reconcile(*, now: datetime) -> None:
    """One round. Raises ConnectorError when the flows cannot be asked for; what is kept is judged before that."""
    try:
        fetch_flows(now=now)
    finally:
        judge_waiting(now=now)
        if ask_for_missing(now=now):
            judge_waiting(now=now)
        report_agreed(now=now)


def fetch_flows(*, now: datetime) -> int:
    """Fetches what was published since the last time; returns how many flows are new. Raises ConnectorError."""
    last = last_published()
    since = last - OVERLAP if last else now - FIRST
    found = gateway.flows_since(since, reference="", now=now)
    return sum(archive_flow(flow=flow, now=now) is not None for flow in found)


def ask_for_missing(*, now: datetime) -> int:
    """Asks for the receipts of lines that have none (P33); returns how many payments were settled by it.

    Where none is found and the flow itself says that there is none, the flow is the proof that it was paid; not one
    whose sums disagree: a revision will come. Those never asked for come first, then those asked for longest ago:
    however many there are, each has its turn.
    """
    rows = FlowLine.objects.filter(flow__is_current=True, verdict=LineVerdict.MISSING)
    firsts = rows.order_by().values("flow_id", "iur").annotate(first=Min("pk")).values("first")
    turns = (
        FlowLine.objects.filter(pk__in=firsts)
        .select_related("flow")
        .order_by(F("asked_at").asc(nulls_first=True), "pk")
    )
    return sum(_paid(line, now) for line in turns[:MOST_AT_ONCE])


def _paid(first: FlowLine, now: datetime) -> bool:
    FlowLine.objects.filter(pk=first.pk).update(asked_at=now)  # before: who is never answered waits for the others
    try:
        found = gateway.receipt(first.iur, iuv=first.iuv, reference=str(first.public_id), now=now)
    except ConnectorError as failure:
        log.warning("A receipt could not be asked for", extra={"code": failure.code})
        return False  # not known to be missing: the next round asks again
    if found is not None and found.message.receipt_id == first.iur:
        ourselves = our_institution()
        kept = keep_receipt(
            message=found.message, raw=found.raw, ourselves=ourselves, source=ReceiptSource.REST, now=now
        )
    elif found is None and first.outcome in WITHOUT_RECEIPT and first.flow.adds_up:
        kept = _keep_from_flow(first, now)
    else:
        kept = None
    if kept is not None:
        settle(receipt_id=kept, now=now)
    return kept is not None


@transaction.atomic
def _keep_from_flow(first: FlowLine, now: datetime) -> int | None:
    """A receipt made of all lines that its flow has of the payment: the real one, should it come, is a second copy."""
    same = FlowLine.objects.filter(flow=first.flow_id, iur=first.iur).select_related("flow").order_by("index")
    lines = [{"transfer": one.transfer_number, "cents": one.amount_cents} for one in same]
    flow, cents = first.flow, sum(one.amount_cents for one in same)
    told = {"psp": flow.psp_id, "fdr": flow.fdr, "revision": flow.revision, "iuv": first.iuv, "lines": lines}
    raw = json.dumps(told, sort_keys=True).encode()
    receipt = Receipt(
        receipt_id=first.iur,
        fiscal_code=our_institution().fiscal_code,
        notice_number=f"3{first.iuv}",
        iuv=first.iuv,
        outcome="OK",
        amount_cents=cents,
        own_cents=cents,
        psp_id=flow.psp_id,
        psp_name=flow.psp_name,
        is_stand_in=first.outcome != FlowOutcome.NO_RPT.value,
        paid_at=first.paid_at,
        arrived_at=now,
        source=ReceiptSource.FLOW,
        version=2,
        raw=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
    )
    Receipt.objects.bulk_create([receipt], ignore_conflicts=True)
    return Receipt.objects.filter(public_id=receipt.public_id).values_list("pk", flat=True).first()
