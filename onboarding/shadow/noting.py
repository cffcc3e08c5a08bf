"""A person explains a difference, or takes that back; the note is found again whenever the difference comes back."""

from datetime import datetime

from django.db import IntegrityError, transaction

from onboarding.shadow.comparing import weigh
from onboarding.shadow.errors import NothingToExplain, NothingToWithdraw
from onboarding.shadow.models import ExplainedDifference, ShadowFamily
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record


@transaction.atomic
def explain_difference(*, family: ShadowFamily, key: str, note: str, actor: Account, now: datetime) -> ShadowFamily:
    """Keeps why, with the name of who said it; the family waits for one difference less, in every comparison that
    found it. Raises NothingToExplain.
    """
    held = _locked(family)
    if key not in held.waiting:
        raise NothingToExplain
    try:
        with transaction.atomic():
            ExplainedDifference.objects.create(key=key, note=note, explained_by=actor, explained_at=now)
    except IntegrityError as error:
        raise NothingToExplain from error
    return _told(held, key, "difference_explained", actor, now)


@transaction.atomic
def withdraw_explanation(*, family: ShadowFamily, key: str, actor: Account, now: datetime) -> ShadowFamily:
    """The note counts no more and stays for the record, with who withdrew it; the difference waits again, in every
    comparison that found it. Raises NothingToWithdraw.
    """
    held = _locked(family)
    if key not in [told["key"] for told in held.differences()]:
        raise NothingToWithdraw
    if not ExplainedDifference.standing.filter(key=key).update(withdrawn_by=actor, withdrawn_at=now):
        raise NothingToWithdraw
    return _told(held, key, "explanation_withdrawn", actor, now)


def _locked(family: ShadowFamily) -> ShadowFamily:
    return ShadowFamily.objects.select_for_update(of=("self",)).get(pk=family.pk)


def _told(held: ShadowFamily, key: str, event: str, actor: Account, now: datetime) -> ShadowFamily:
    """Weighs anew each family with this difference, and writes the deed down."""
    same = ShadowFamily.objects.filter(children__contains=[{"differences": [{"key": key}]}]).exclude(pk=held.pk)
    for row in [held, *same.select_for_update(of=("self",)).order_by("pk")]:
        keys = [told["key"] for told in row.differences()]
        known = ExplainedDifference.standing.filter(key__in=keys).order_by()
        weigh(row, set(known.values_list("key", flat=True)))
        row.save(update_fields=["waiting", "unexplained", "state"])
    record(
        action=Action.ROWS_DECIDED,
        actor=actor.pk,
        subject_kind="shadow_family",
        subject=str(held.public_id),
        now=now,
        details={"event": event, "waiting": len(held.waiting)},
    )
    return held
