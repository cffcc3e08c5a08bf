"""A special diet is recorded for a child: health or religion, so in a table of its own."""

from datetime import date, datetime

from django.db import transaction

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.canteen.models import DietKind, SpecialDiet
from sportello.families.models import Child


@transaction.atomic
def record_diet(
    *, child: Child, kind: DietKind, code: str, from_day: date, until: date | None, actor: int | None, now: datetime
) -> SpecialDiet:
    """The child eats this menu from that day (inclusive) to `until` (exclusive); another diet held then ends there."""
    for held in SpecialDiet.objects.select_for_update().filter(child=child, valid_during__overlap=(from_day, until)):
        if held.valid_during.lower >= from_day:
            held.delete()
        else:
            held.valid_during = (held.valid_during.lower, from_day)
            held.save(update_fields=["valid_during"])
    diet = SpecialDiet.objects.create(child=child, kind=kind, code=code, valid_during=(from_day, until))
    record(action=Action.DIET_CHANGED, actor=actor, subject_kind="child", subject=child.public_id, now=now)
    return diet
