"""Flows are kept as they came: the Node forgets them in a month (P34). Once each; the last revision counts (P32)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from integrations.pagopa import flows as pagopa
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.reconciliation.errors import NotOurFlow
from sportello.billing.reconciliation.models import Flow, FlowLine

AT_ONCE = 2_000


@transaction.atomic
def archive_flow(*, flow: pagopa.Flow, now: datetime, actor: int | None = None) -> Flow | None:
    """Keeps a flow with its lines; None when that revision is kept already. Raises NotOurFlow."""
    if flow.creditor_code != our_institution().fiscal_code:
        raise NotOurFlow
    name = flow.name
    row = Flow(
        psp_id=name.psp_id,
        fdr=name.fdr,
        revision=name.revision,
        is_current=False,
        psp_name=flow.psp_name[:70],
        published_at=name.published_at,
        made_at=name.made_at,
        regulation=flow.regulation,
        regulated_on=flow.regulated_on,
        bank_bic=flow.bank_bic,
        declared_count=flow.declared_count,
        declared_cents=flow.declared_cents,
        counted_count=len(flow.payments),
        counted_cents=flow.counted_cents,
        fetched_at=now,
    )
    Flow.objects.bulk_create([row], ignore_conflicts=True)
    stored = Flow.objects.filter(public_id=row.public_id).first()  # a conflict keeps the one before
    if stored is None:
        return None
    FlowLine.objects.bulk_create((_line(stored, one) for one in flow.payments), batch_size=AT_ONCE)
    _make_current(stored)
    record(
        action=Action.FLOW_ARCHIVED,
        actor=actor,
        subject_kind="flow",
        subject=stored.public_id,
        now=now,
        details={"lines": stored.counted_count, "cents": stored.counted_cents, "adds_up": stored.adds_up},
    )
    return stored


def last_published() -> datetime | None:
    """Up to when flows have been fetched."""
    found: datetime | None = Flow.objects.aggregate(last=Max("published_at"))["last"]
    return found


def _make_current(stored: Flow) -> None:
    """The highest revision, whichever came first."""
    revisions = Flow.objects.select_for_update().filter(psp_id=stored.psp_id, fdr=stored.fdr).order_by("revision")
    highest = list(revisions)[-1]
    revisions.exclude(pk=highest.pk).filter(is_current=True).update(is_current=False)
    Flow.objects.filter(pk=highest.pk).update(is_current=True)
    stored.is_current = stored.pk == highest.pk


def _line(stored: Flow, one: pagopa.FlowPayment) -> FlowLine:
    return FlowLine(
        flow=stored,
        index=one.index,
        iuv=one.iuv,
        iur=one.iur,
        transfer_number=one.transfer_number,
        amount_cents=one.amount_cents,
        outcome=one.outcome.value,
        paid_at=one.paid_at,
    )
