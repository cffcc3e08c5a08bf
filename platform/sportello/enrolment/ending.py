"""A place in a service ends before its time: because the family left, or an old archive no longer lists the child."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange as Range

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.enrolment.models import Subscription


@transaction.atomic
def end_place(*, subscription: Subscription, ends_on: date, reason: str, actor: int | None, now: datetime) -> bool:
    """The place holds until the day before `ends_on`; whether anything changed. One that never began stays whole.

    What was charged stays charged: a correction is the close's business.
    """
    locked = Subscription.objects.select_for_update(of=("self",)).select_related("child").get(pk=subscription.pk)
    period = locked.valid_during
    if ends_on <= period.lower or (period.upper is not None and ends_on >= period.upper):
        return False
    locked.valid_during = Range(period.lower, ends_on)
    locked.save(update_fields=["valid_during"])
    record(
        action=Action.CHILD_CHANGED,
        actor=actor,
        subject_kind="child",
        subject=locked.child.public_id,
        now=now,
        details={"what": "place_ended", "reason": reason},
    )
    return True
