"""A person explains a difference; the note is found again whenever the same difference comes back."""

from datetime import datetime

from django.db import transaction

from onboarding.shadow.comparing import weigh
from onboarding.shadow.errors import NothingToExplain
from onboarding.shadow.models import ExplainedDifference, ShadowFamily
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record


@transaction.atomic
def explain_difference(*, family: ShadowFamily, key: str, note: str, actor: Account, now: datetime) -> ShadowFamily:
    """Keeps why, with the name of who said it; the family waits for one difference less. Raises NothingToExplain."""
    held = ShadowFamily.objects.select_for_update(of=("self",)).get(pk=family.pk)
    if key not in held.waiting:
        raise NothingToExplain
    ExplainedDifference.objects.update_or_create(
        key=key, defaults={"note": note, "explained_by": actor, "explained_at": now}
    )
    keys = [told["key"] for told in held.differences()]
    known = ExplainedDifference.objects.filter(key__in=keys).order_by()
    weigh(held, set(known.values_list("key", flat=True)))
    held.save(update_fields=["waiting", "unexplained", "state"])
    record(
        action=Action.ROWS_DECIDED,
        actor=actor.pk,
        subject_kind="shadow_family",
        subject=str(held.public_id),
        now=now,
        details={"event": "difference_explained", "waiting": len(held.waiting)},
    )
    return held
