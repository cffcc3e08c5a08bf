"""How far the gateway is behind: what the page shows and Prometheus reads."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q

from sportello.billing.publishing.models import GatewayCopy, Standing


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` are on their way, `failing` of these have failed at least once; `refused` wait for a person."""

    waiting: int
    failing: int
    refused: int
    published: int
    last_told_at: datetime | None


def standing_of(now: datetime) -> Backlog:
    """One statement."""
    waits = ~Q(version=F("told_version")) & Q(refusal_code="")
    found = GatewayCopy.objects.aggregate(
        waiting=Count("pk", filter=waits),
        failing=Count("pk", filter=waits & Q(not_before__gt=now)),
        refused=Count("pk", filter=~Q(refusal_code="")),
        published=Count("pk", filter=Q(standing=Standing.PUBLISHED)),
        last_told_at=Max("told_at"),
    )
    return Backlog(**found)
