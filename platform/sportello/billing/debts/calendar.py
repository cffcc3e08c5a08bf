"""What the calendar does to positions: those whose day has come can be paid, those whose last day is past expire."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from sportello.billing.debts.models import DebtPosition, PositionState
from sportello.billing.debts.states import change_states
from sportello.kernel.clock import ROME
from sportello.kernel.errors import gettext_noop


@transaction.atomic
def follow_calendar(*, now: datetime) -> tuple[int, int]:
    """How many became valid and how many expired on the day of `now`. Expiry is ours: pagoPA knows none (P12).

    A position expires when the last day of all its options is past, unless it may be paid late; one of which something
    is paid does not (P9).
    """
    today = now.astimezone(ROME).date()
    positions = DebtPosition.objects.select_for_update().order_by("pk")
    begin = list(positions.filter(state=PositionState.PUBLISHED, valid_from__lte=today).values_list("pk", flat=True))
    if begin:
        change_states(
            positions=begin,
            before=PositionState.PUBLISHED,
            after=PositionState.VALID,
            actor=None,
            now=now,
            reason=gettext_noop("Si può pagare da oggi"),
        )
    over = (
        DebtPosition.objects.filter(state=PositionState.VALID, switch_to_expired=True)
        .annotate(last=Max("options__last_day"))
        .filter(last__lt=today)
        .values("pk")
    )
    end = list(positions.filter(pk__in=over, state=PositionState.VALID).values_list("pk", flat=True))
    if end:
        change_states(
            positions=end,
            before=PositionState.VALID,
            after=PositionState.EXPIRED,
            actor=None,
            now=now,
            reason=gettext_noop("Passato l'ultimo giorno utile"),
        )
    return len(begin), len(end)
