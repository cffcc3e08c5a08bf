"""Sending decisions: from then on they make the price, never change, and supersede what was sent for the same days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.fees.models import DecisionStatus, PriceDecision
from sportello.fees.reasons import UNDECIDED
from sportello.fees.storing import part_of
from sportello.jobs.starting import start_job
from sportello.kernel.dates import DateRange

TELL_PRICES = "fees.tell_prices"

type Line = tuple[int, int]
"""A child and a service (ids): what has one timeline of prices."""

_MARK_SENT = """
UPDATE fees_pricedecision decision
SET status = CASE WHEN decision.ends THEN 'ended' ELSE 'sent' END, version = numbered.version,
    sending = %(sending)s::uuid, sent_at = %(now)s, sent_by = %(actor)s
FROM unnest(%(ids)s::bigint[], %(versions)s::int[]) numbered(id, version)
WHERE decision.id = numbered.id
"""
_MARK_SUPERSEDED = """
UPDATE fees_pricedecision decision
SET status = 'superseded', superseded_at = %(now)s, superseded_by_id = pair.by_id
FROM unnest(%(ids)s::bigint[], %(by)s::bigint[]) pair(id, by_id)
WHERE decision.id = pair.id
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """What was sent together: decisions, and those they took the place of. ``key`` is None when there was nothing."""

    key: UUID | None
    sent: int
    superseded: int


@transaction.atomic
def send_prices(*, drafts: QuerySet[PriceDecision], actor: int | None, now: datetime, tell: bool = True) -> Sending:
    """Send the drafts among those asked for; the days of older ones that remain are sent again as new versions.

    What is no draft any more is passed over, so that sending twice sends once; so is what could not be decided. The
    families are told by a job after the commit unless ``tell`` is False. Leaves one audit record. A fixed number of
    queries whatever the number of decisions.
    """
    chosen = list(
        drafts.filter(status=DecisionStatus.DRAFT)
        .exclude(reasons__contains=[UNDECIDED])
        .select_for_update(of=("self",))
        .order_by("child_id", "service_id", "valid_during")
    )
    if not chosen:
        return Sending(None, 0, 0)
    key = uuid4()
    overtaken = _overtaken(chosen)
    versions = _Versions(chosen)
    _mark_superseded(overtaken, now)
    numbers = [versions.following((row.child_id, row.service_id)) for row in chosen]
    with connection.cursor() as cursor:
        ids = [row.pk for row in chosen]
        cursor.execute(_MARK_SENT, {"ids": ids, "versions": numbers, "sending": str(key), "now": now, "actor": actor})
    rests = [part_of(row, piece) for row, by in overtaken for piece in _left_of(row.period, by)]
    for row in rests:
        _send_again(row, versions, actor, now)
    PriceDecision.objects.bulk_create(rests, batch_size=2000)
    _keep_record(key, chosen, len(overtaken), actor, now)
    if tell:
        start_job(kind=TELL_PRICES, arguments={"sending": str(key)}, requested_by=actor, now=now)
    return Sending(key, len(chosen), len(overtaken))


class _Versions:
    """The numbers of the decisions of each child and service."""

    def __init__(self, chosen: Sequence[PriceDecision]) -> None:
        lines = PriceDecision.objects.filter(
            child__in={row.child_id for row in chosen}, service__in={row.service_id for row in chosen}
        )
        found = lines.order_by().values_list("child_id", "service_id").annotate(last=Max("version"))
        self._last: dict[Line, int] = {(child, service): last for child, service, last in found}

    def following(self, line: Line) -> int:
        """The next number of the line."""
        self._last[line] = self._last.get(line, 0) + 1
        return self._last[line]


def _overtaken(chosen: Sequence[PriceDecision]) -> list[tuple[PriceDecision, list[PriceDecision]]]:
    """The sent decisions that share days with the drafts, each with those drafts."""
    of_line: dict[Line, list[PriceDecision]] = {}
    for row in chosen:
        of_line.setdefault((row.child_id, row.service_id), []).append(row)
    children, services = {line[0] for line in of_line}, {line[1] for line in of_line}
    held = PriceDecision.objects.in_force().filter(child__in=children, service__in=services).select_for_update()
    found = []
    for row in held:
        by = [draft for draft in of_line.get((row.child_id, row.service_id), ()) if draft.period.overlaps(row.period)]
        if by:
            found.append((row, by))
    return found


def _mark_superseded(overtaken: Sequence[tuple[PriceDecision, list[PriceDecision]]], now: datetime) -> None:
    ids, by = [row.pk for row, _by in overtaken], [by[0].pk for _row, by in overtaken]
    with connection.cursor() as cursor:
        cursor.execute(_MARK_SUPERSEDED, {"ids": ids, "by": by, "now": now})


def _left_of(period: DateRange, drafts: Iterable[PriceDecision]) -> list[DateRange]:
    left = [period]
    for draft in drafts:
        left = [rest for piece in left for rest in piece.subtract(draft.period)]
    return left


def _send_again(row: PriceDecision, versions: _Versions, actor: int | None, now: datetime) -> None:
    """The part of a decision that stays: a version of its own, which tells the family nothing new."""
    row.version = versions.following((row.child_id, row.service_id))
    row.reasons, row.before_cents, row.sending = ["remaining"], row.unit_price_cents, None
    row.sent_at, row.sent_by = now, actor


def _keep_record(key: UUID, chosen: Sequence[PriceDecision], superseded: int, actor: int | None, now: datetime) -> None:
    record(
        action=Action.PRICES_SENT,
        actor=actor,
        subject_kind="price_sending",
        subject=key,
        now=now,
        details={
            "decisions": len(chosen),
            "children": len({row.child_id for row in chosen}),
            "superseded": superseded,
        },
    )
