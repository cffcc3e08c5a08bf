"""Counting an issue and issuing it: the same plan, looked at or carried out.

Notices are made payer by payer, so many at once, each piece in a transaction of its own that also keeps how far the
issue is, tells the payers, and adds up. Killed in the middle it goes on with the next payer; the key of each notice
names issue and payer besides, so that nothing is asked for twice. The payers of a piece are locked as a parent's cart
locks them, and what they owe is read again then: both never ask for the same sum.
"""

from datetime import datetime
from itertools import batched
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.asking import check
from sportello.billing.debts.models import DebtPosition
from sportello.billing.debts.opening import no_child_is_named, open_positions
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.debts.telling import tell_payers
from sportello.billing.issuing.allotting import sample
from sportello.billing.issuing.models import NoticeIssue
from sportello.billing.issuing.reading import (
    accounts_by_payer,
    accounts_of_nobody,
    children_with,
    owed_now,
    owed_on,
    plan_for,
    terms_of,
)
from sportello.billing.issuing.sums import added, summed
from sportello.families.models import Adult
from sportello.jobs.registry import Progress

PIECE: Final = 1000
"""So many payers at once: less than a second of work that a crash may cost."""


@transaction.atomic
def count_issue(*, issue: NoticeIssue, now: datetime, progress: Progress) -> dict[str, Any]:
    """How many notices, payers and cents it would be today, and who is left out."""
    held = _locked(issue)
    if held.begun_at or held.issued_at:
        return dict(held.counts)
    progress.advance(message=str(_("Calcolo che cosa chiedere a ciascuno")))
    _keep(held, summed(plan_for(held, owed_now(held, progress=progress), now=now)), now)
    progress.advance(message=str(_("Anteprima pronta")))
    return dict(held.counts)


def issue_notices(*, issue: NoticeIssue, actor: int | None, now: datetime, progress: Progress) -> dict[str, Any]:
    """Makes the notices of what is due at this moment; run again it goes on where it was, and then changes nothing.

    Call it outside a transaction: it commits its pieces. Raises what
    :func:`sportello.billing.debts.opening.open_positions` raises, before anything is made.
    """
    if NoticeIssue.objects.get(pk=issue.pk).issued_at:
        return dict(NoticeIssue.objects.get(pk=issue.pk).counts)
    progress.advance(message=str(_("Calcolo a chi chiedere")))
    payers = accounts_by_payer(issue.services)
    held = _begin(issue, len(payers), now)
    of_payer = {payer: accounts for payer, accounts in payers.items() if payer > held.done_through}
    total = held.so_far["to_do"]
    done = max(0, total - len(of_payer))
    progress.advance(done=done, total=total, message=str(_("Emetto gli avvisi")))
    for piece in batched(of_payer, PIECE, strict=False):
        _issue_piece(held, {payer: of_payer[payer] for payer in piece}, actor, now)
        done += len(piece)
        progress.advance(done=min(done, total))
    counts = _end(held, actor, now)
    progress.advance(message=str(_("Avvisi emessi")))
    return counts


@transaction.atomic
def _begin(issue: NoticeIssue, payers: int, now: datetime) -> NoticeIssue:
    """The first time: whether it can be asked so at all, and what nobody can be asked. Raises as open_positions does.

    What is owed is not read here: each piece reads its own, once its payers are locked.
    """
    held = _locked(issue)
    if held.begun_at:
        return held
    our_institution()
    check(sample(terms_of(held)))
    no_child_is_named([held.description], children_with(held.services))
    nobodys = [one for one in owed_on(accounts_of_nobody(held.services)) if one.payer_id is None]
    held.begun_at = now
    held.so_far = {**summed(plan_for(held, nobodys, now=now)), "to_do": payers}
    held.save(update_fields=["begun_at", "so_far"])
    return held


@transaction.atomic
def _issue_piece(issue: NoticeIssue, accounts: dict[int, list[int]], actor: int | None, now: datetime) -> None:
    """The notices of these payers, of what they owe on their accounts now; the issue knows it in the same moment."""
    held = _locked(issue)
    payers = set(accounts)
    if held.done_through >= min(payers):
        return
    list(Adult.objects.select_for_update(no_key=True).filter(pk__among=payers).order_by("pk").values_list("pk"))
    wanted = {account for held_by in accounts.values() for account in held_by}
    settled = plan_for(held, [one for one in owed_on(wanted) if one.payer_id in payers], now=now)
    if settled.asked:
        open_positions(asked=settled.asked, actor=actor, now=now)
        tell_payers([one.payer_id for one in settled.asked], event=held.key, now=now)
    held.so_far = {**added(held.so_far, summed(settled)), "to_do": held.so_far["to_do"]}
    held.done_through = max(payers)
    held.save(update_fields=["so_far", "done_through"])


@transaction.atomic
def _end(issue: NoticeIssue, actor: int | None, now: datetime) -> dict[str, Any]:
    held = _locked(issue)
    if held.issued_at:
        return dict(held.counts)
    _keep(held, held.so_far, now)
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
    return dict(held.counts)


def _locked(issue: NoticeIssue) -> NoticeIssue:
    return NoticeIssue.objects.select_for_update().get(pk=issue.pk)


def _keep(issue: NoticeIssue, found: dict[str, Any], now: datetime) -> None:
    """Figures and ids alone: who they are is read when somebody who may looks."""
    issue.counts, issue.left_out = found["counts"], found["left_out"]
    issue.counted_at = now
    issue.save(update_fields=["counts", "left_out", "counted_at"])


def positions_of(issue: NoticeIssue) -> Any:
    """The notices it made, in the order of their numbers. Any: a queryset of DebtPosition."""
    return DebtPosition.objects.filter(key__startswith=issue.key).order_by("pk")
