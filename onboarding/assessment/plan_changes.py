"""A task of the plan is done, postponed, given to somebody, dropped or reopened, by either side, on the record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from onboarding.assessment.errors import NothingChanged, TaskChangedMeanwhile, TaskReasonMissing, TaskStateRefused
from onboarding.assessment.hands import Hand
from onboarding.assessment.models import PlanTask, TaskChange, TaskState
from onboarding.assessment.on_record import round_changed

STEPS: Final[dict[TaskState, frozenset[TaskState]]] = {
    TaskState.OPEN: frozenset({TaskState.DONE, TaskState.DROPPED}),
    TaskState.DONE: frozenset({TaskState.OPEN}),
    TaskState.DROPPED: frozenset({TaskState.OPEN}),
    TaskState.REPLACED: frozenset(),
}
"""What people may make of a task. Only the closing of a later round makes it `replaced`."""

WITH_A_REASON: Final = frozenset({(TaskState.OPEN, TaskState.DROPPED), (TaskState.DONE, TaskState.OPEN)})


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What may be changed of a task."""

    state: TaskState
    due_on: date
    owner_name: str


@transaction.atomic
def change_task(*, task: PlanTask, facts: TaskFacts, note: str, version: int, hand: Hand, now: datetime) -> PlanTask:
    """Change a task, written on top of `version` of it, and keep who, when, what and why.

    Raises TaskChangedMeanwhile, TaskStateRefused, TaskReasonMissing, NothingChanged.
    """
    held = PlanTask.objects.select_for_update(of=("self",)).select_related("round").get(pk=task.pk)
    if held.version != version:
        last = held.changes.first()
        raise TaskChangedMeanwhile(last.changed_by if last else "")
    before = TaskState(held.state)
    if facts.state != before and facts.state not in STEPS[before]:
        raise TaskStateRefused
    if (before, facts.state) in WITH_A_REASON and not note.strip():
        raise TaskReasonMissing
    changes = _differences(held, facts)
    if not changes and not note.strip():
        raise NothingChanged
    _write(held, facts, now)
    TaskChange.objects.create(
        task=held, changed_at=now, changed_by=hand.name, side=hand.side, changes=changes, note=note.strip()
    )
    fields = [field for field, _before, _after in changes]
    round_changed(
        held.round, did="task_changed", hand=hand, now=now, task=str(held.public_id), fields=fields, state=held.state
    )
    return held


def _differences(held: PlanTask, facts: TaskFacts) -> list[list[str]]:
    pairs = (
        ("state", held.state, facts.state.value),
        ("due_on", held.due_on.isoformat(), facts.due_on.isoformat()),
        ("owner_name", held.owner_name, facts.owner_name.strip()),
    )
    return [[field, before, after] for field, before, after in pairs if before != after]


def _write(held: PlanTask, facts: TaskFacts, now: datetime) -> None:
    if facts.state == TaskState.DONE:
        held.done_on = held.done_on or now.date()
    else:
        held.done_on = None
    held.state, held.due_on, held.owner_name = facts.state, facts.due_on, facts.owner_name.strip()
    held.version += 1
    held.save(update_fields=["state", "due_on", "owner_name", "done_on", "version"])
