"""Counting an issue and issuing it: the same plan, looked at or carried out.

An issue is all or nothing in the transaction of its job, and the key of each notice names issue and payer: begun again
after its worker died, or run twice, it asks for nothing twice. The payers are locked as a parent's cart locks them, so
that both do not ask for the same sum.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import batched
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.models import DebtPosition
from sportello.billing.debts.opening import open_positions
from sportello.billing.issuing.allotting import Omitted, Plan
from sportello.billing.issuing.models import NoticeIssue
from sportello.billing.issuing.reading import plan_of
from sportello.families.models import Adult
from sportello.jobs.registry import Progress

BATCH: Final = 1000


@transaction.atomic
def count_issue(*, issue: NoticeIssue, now: datetime, progress: Progress) -> dict[str, Any]:
    """How many notices, payers and cents it would be today, and who is left out."""
    held = _locked(issue)
    if held.issued_at:
        return dict(held.counts)
    progress.advance(message=str(_("Calcolo che cosa chiedere a ciascuno")))
    _keep(held, plan_of(held, now=now, progress=progress), now)
    progress.advance(message=str(_("Anteprima pronta")))
    return dict(held.counts)


@transaction.atomic
def issue_notices(*, issue: NoticeIssue, actor: int | None, now: datetime, progress: Progress) -> dict[str, Any]:
    """Makes the notices of what is due at this moment, all or none; run again it changes nothing.

    Raises what :func:`sportello.billing.debts.opening.open_positions` raises.
    """
    held = _locked(issue)
    if held.issued_at:
        return dict(held.counts)
    progress.advance(message=str(_("Calcolo che cosa chiedere a ciascuno")))
    _lock_payers(plan_of(held, now=now, progress=progress))
    settled = plan_of(held, now=now, progress=progress)
    progress.advance(done=0, total=len(settled.asked), message=str(_("Emetto gli avvisi")))
    done = 0
    for batch in batched(settled.asked, BATCH, strict=False):
        open_positions(asked=batch, actor=actor, now=now)
        done += len(batch)
        progress.advance(done=done)
    _keep(held, settled, now)
    held.issued_at, held.issued_by = now, actor
    held.save(update_fields=["issued_at", "issued_by"])
    record(
        action=Action.NOTICES_ISSUED,
        actor=actor,
        subject_kind="notice_issue",
        subject=held.public_id,
        now=now,
        details={"services": held.services, **held.counts},
    )
    progress.advance(message=str(_("Avvisi emessi")))
    return dict(held.counts)


def _locked(issue: NoticeIssue) -> NoticeIssue:
    return NoticeIssue.objects.select_for_update().get(pk=issue.pk)


def _lock_payers(first: Plan) -> None:
    payers = {one.payer_id for one in first.asked}
    list(Adult.objects.select_for_update(no_key=True).filter(pk__in=payers).order_by("pk").values_list("pk"))


def _keep(issue: NoticeIssue, found: Plan, now: datetime) -> None:
    """Figures and ids alone: who they are is read when somebody who may looks."""
    issue.counts = {
        "notices": len(found.asked),
        "payers": len({one.payer_id for one in found.asked}),
        "in_instalments": sum(bool(one.instalments) for one in found.asked),
        "cents": sum(one.cents for one in found.asked),
        "left_out": dict(Counter(one.reason.value for one in found.omitted)),
        "left_out_cents": _sums(found.omitted),
    }
    issue.left_out = _by_reason(found.omitted)
    issue.counted_at = now
    issue.save(update_fields=["counts", "left_out", "counted_at"])


def _sums(omitted: Sequence[Omitted]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in omitted:
        found[one.reason.value] += one.cents
    return dict(found)


def _by_reason(omitted: Sequence[Omitted]) -> dict[str, list[list[int | None]]]:
    found: dict[str, list[list[int | None]]] = {}
    for one in omitted:
        found.setdefault(one.reason.value, []).append([one.payer_id, one.child_id, one.cents])
    return found


def positions_of(issue: NoticeIssue) -> Any:
    """The notices it made, in the order of their numbers. Any: a queryset of DebtPosition."""
    return DebtPosition.objects.filter(key__startswith=issue.key).order_by("pk")
