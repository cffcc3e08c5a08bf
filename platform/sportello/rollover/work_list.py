"""The work list: kept from a rehearsal, ticked by the office."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.school_year import SchoolYear
from sportello.rollover.findings import Finding, identity_of
from sportello.rollover.models import WorkItem
from tenants.current import require_schema

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Kept:
    """What a rehearsal did to the list."""

    made: int
    changed: int
    withdrawn: int
    unchanged: int


@transaction.atomic
def keep_work_list(*, year: SchoolYear, findings: Sequence[Finding], now: datetime) -> Kept:
    """Brings the list of a school year to what was found; running twice changes nothing.

    A row that is the same keeps its tick. One whose facts changed is to be done again. One that is no longer found
    goes, unless it was ticked: done work stays to be seen.
    """
    _one_at_a_time(year)
    held = {
        identity_of(row.kind, row.child_id, row.service_id, row.section_id): row
        for row in WorkItem.objects.filter(school_year=year.start_year).order_by("pk")
    }
    fresh, changed = [], []
    for finding in findings:
        row = held.pop(finding.identity, None)
        if row is None:
            fresh.append(_row(year, finding, now))
        elif _differs(row, finding):
            changed.append(_renewed(row, finding, now))
    gone = [row.pk for row in held.values() if row.done_at is None]
    WorkItem.objects.filter(pk__in=gone, done_at=None).delete()
    WorkItem.objects.bulk_create(fresh, batch_size=BATCH)
    fields = ["due_on", "facts", "school", "section", "found_at", "done_at", "done_by"]
    WorkItem.objects.bulk_update(changed, fields, batch_size=BATCH)
    return Kept(len(fresh), len(changed), len(gone), len(findings) - len(fresh) - len(changed))


@transaction.atomic
def tick(*, items: Collection[int], done: bool, actor: Account, now: datetime) -> int:
    """Marks the rows as done by this person, or as still to do; returns how many changed. Leaves an audit record."""
    rows = WorkItem.objects.select_for_update().filter(pk__in=items, done_at__isnull=done)
    wanted = sorted(rows.values_list("pk", flat=True))
    if not wanted:
        return 0
    WorkItem.objects.filter(pk__in=wanted).update(done_at=now if done else None, done_by=actor if done else None)
    record(
        action=Action.CHILD_CHANGED,
        actor=actor.pk,
        subject_kind="work_list",
        subject="1-september",
        now=now,
        details={"event": "work_done" if done else "work_reopened", "items": wanted},
    )
    return len(wanted)


def _one_at_a_time(year: SchoolYear) -> None:
    """Two rehearsals of a year wait for one another; ticks do not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [f"{require_schema()}/work", year.start_year])


def _row(year: SchoolYear, finding: Finding, now: datetime) -> WorkItem:
    return WorkItem(
        school_year=year.start_year,
        kind=finding.kind,
        child_id=finding.child_id,
        service_id=finding.service_id,
        section_id=finding.section_id,
        school_id=finding.school_id,
        due_on=finding.due_on,
        facts=dict(finding.facts),
        found_at=now,
    )


def _differs(row: WorkItem, finding: Finding) -> bool:
    stands = (row.due_on, row.facts, row.school_id, row.section_id)
    return stands != (finding.due_on, dict(finding.facts), finding.school_id, finding.section_id)


def _renewed(row: WorkItem, finding: Finding, now: datetime) -> WorkItem:
    """The row with the new facts, to be done again: what was ticked was another thing."""
    row.due_on, row.facts, row.found_at = finding.due_on, dict(finding.facts), now
    row.school_id, row.section_id = finding.school_id, finding.section_id
    row.done_at, row.done_by = None, None
    return row
