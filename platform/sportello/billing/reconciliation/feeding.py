"""A flow brought as a file, in the old XML (P32): kept byte for byte, then the way of every other flow."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from integrations.errors import AnswerUnreadable
from integrations.pagopa import flow_xml
from integrations.pagopa import flows as pagopa
from sportello.billing.reconciliation.archiving import archive_flow
from sportello.billing.reconciliation.errors import FlowDiffers, FlowHasNoPsp, FlowKnown, NotAFlow
from sportello.billing.reconciliation.judging import judge_waiting, report_agreed
from sportello.billing.reconciliation.models import Flow, FlowFile

LONGEST: Final = 35
LONGEST_BIC: Final = 11


@transaction.atomic
def feed_flow(*, name: str, content: bytes, replaces: bool, actor: int, now: datetime) -> Flow:
    """Archives the flow of a file, judges its lines and reports what agrees. What it leaves out is asked for at night.

    The old format knows no revisions: a file with other lines than the flow of its name is the next one if who brings
    it says that it `replaces`. Raises NotAFlow, FlowHasNoPsp, NotOurFlow, FlowKnown, FlowDiffers.
    """
    try:
        found = flow_xml.read_flow(content)
    except AnswerUnreadable as unreadable:
        raise NotAFlow from unreadable
    if not found.name.psp_id:
        raise FlowHasNoPsp
    if not _fits(found):
        raise NotAFlow
    revision = _revision(found, replaces=replaces)
    stored = archive_flow(flow=replace(found, name=replace(found.name, revision=revision)), actor=actor, now=now)
    if stored is None:
        raise FlowKnown  # somebody else was quicker
    FlowFile.objects.create(
        flow=stored,
        name=name[-200:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=now,
        uploaded_by=actor,
    )
    judge_waiting(now=now)
    report_agreed(now=now)
    return stored


def _fits(found: pagopa.Flow) -> bool:
    """Whether the texts are no longer than the schema of the old format lets them be."""
    codes = [found.name.psp_id, found.name.fdr, found.regulation]
    codes += [code for one in found.payments for code in (one.iuv, one.iur)]
    return max(map(len, codes)) <= LONGEST and len(found.bank_bic) <= LONGEST_BIC


def _revision(found: pagopa.Flow, *, replaces: bool) -> int:
    """The first, or the one after those we have. Raises FlowKnown, FlowDiffers."""
    last = Flow.objects.filter(psp_id=found.name.psp_id, fdr=found.name.fdr).order_by("-revision").first()
    if last is None:
        return 1
    if _same(last, found):
        raise FlowKnown
    if not replaces:
        raise FlowDiffers
    return last.revision + 1


def _same(kept: Flow, found: pagopa.Flow) -> bool:
    fields = ("iuv", "iur", "transfer_number", "amount_cents", "outcome")
    lines = sorted(kept.lines.values_list(*fields))
    told = sorted(
        (one.iuv, one.iur, one.transfer_number, one.amount_cents, one.outcome.value) for one in found.payments
    )
    sums = (kept.regulation, kept.regulated_on, kept.declared_count, kept.declared_cents)
    return lines == told and sums == (found.regulation, found.regulated_on, found.declared_count, found.declared_cents)
