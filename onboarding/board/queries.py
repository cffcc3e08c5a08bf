"""The reading of the board: all the Comuni in a fixed number of queries, whatever their number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from onboarding.assessment.models import AssessmentRound, PlanTask, TaskState
from onboarding.board.blocking import Assessed, Blocker, WaitingTasks, blockers
from onboarding.board.models import GatheredSigns
from onboarding.signs import CONNECTORS, DATA_QUALITY, TRAINING
from tenants.migration_states import MigrationState, migration_states
from tenants.models import Municipality, StageChange

COLUMNS = (DATA_QUALITY, CONNECTORS, TRAINING)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A Comune on the board."""

    municipality: Municipality
    since: date
    days: int
    assessed: Assessed
    tasks: WaitingTasks
    signs: list[dict[str, Any]]
    gathered_at: datetime | None
    blockers: list[Blocker]

    def sign(self, key: str) -> dict[str, Any] | None:
        """The sign of a column."""
        return next((sign for sign in self.signs if sign["key"] == key), None)

    @property
    def columns(self) -> list[dict[str, Any] | None]:
        """The signs that have a column, in the order of the headings."""
        return [self.sign(key) for key in COLUMNS]


def municipalities_on_board() -> QuerySet[Municipality]:
    """The Comuni that have not left, with the moment they entered their stage."""
    last = StageChange.objects.filter(municipality=OuterRef("pk")).order_by("-changed_at", "-pk")
    rows: QuerySet[Municipality] = Municipality.objects.filter(left_on=None).annotate(
        entered_at=Coalesce(Subquery(last.values("changed_at")[:1]), F("created_at")),
    )
    return rows.select_related("gathered_signs")


def board_rows(municipalities: Iterable[Municipality], *, today: date) -> list[BoardRow]:
    """Rows of `municipalities_on_board` with everything the board says of them (five queries)."""
    held = list(municipalities)
    keys = [each.pk for each in held]
    states, tasks, assessed = migration_states(), _tasks(keys, today), _assessed(keys)
    return [
        _row(
            each,
            today,
            states.get(each.schema_name, MigrationState.MISSING),
            tasks.get(each.pk, WaitingTasks()),
            assessed.get(each.pk, Assessed()),
        )
        for each in held
    ]


def _row(
    municipality: Municipality, today: date, state: MigrationState, tasks: WaitingTasks, assessed: Assessed
) -> BoardRow:
    gathered: GatheredSigns | None = getattr(municipality, "gathered_signs", None)
    signs = gathered.signs if gathered else []
    since = timezone.localtime(municipality.entered_at).date()
    return BoardRow(
        municipality=municipality,
        since=since,
        days=max(0, (today - since).days),
        assessed=assessed,
        tasks=tasks,
        signs=signs,
        gathered_at=gathered.gathered_at if gathered else None,
        blockers=blockers(municipality, state=state, assessed=assessed, tasks=tasks, signs=signs),
    )


def _tasks(municipalities: list[int], today: date) -> dict[int, WaitingTasks]:
    counted = (
        PlanTask.objects.filter(round__municipality__in=municipalities, state=TaskState.OPEN)
        .order_by()
        .values_list("round__municipality", "blocks")
        .annotate(count=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    )
    found: dict[int, list[tuple[str, int, int]]] = {}
    for municipality, blocks, count, late in counted:
        found.setdefault(municipality, []).append((blocks, count, late))
    return {
        municipality: WaitingTasks(
            count=sum(count for _blocks, count, _late in parts),
            late=sum(late for _blocks, _count, late in parts),
            by_stage={blocks: count for blocks, count, _late in parts if blocks},
        )
        for municipality, parts in found.items()
    }


def _assessed(municipalities: list[int]) -> dict[int, Assessed]:
    rows = (
        AssessmentRound.objects.filter(municipality__in=municipalities)
        .order_by("municipality_id", "number")
        .values_list("municipality_id", "closed_at", "score")
    )
    found: dict[int, Assessed] = {}
    for municipality, closed_at, score in rows:
        before = found.get(municipality, Assessed())
        found[municipality] = Assessed(closed_at is None, before.score if closed_at is None else score)
    return found
