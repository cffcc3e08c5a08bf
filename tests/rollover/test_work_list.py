"""The list follows the rehearsals: a tick stays as long as the thing is the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest

from services_catalog.models import Edition
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.families.models import Child
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job
from sportello.kernel import clock
from sportello.kernel.clock import ROME
from sportello.rollover.findings import Finding
from sportello.rollover.models import WorkItem, WorkKind
from sportello.rollover.rehearsal_job import ask_rehearsal, last_rehearsal
from sportello.rollover.work_list import Kept, keep_work_list, tick
from sportello.schools.models import Level
from tests import factories
from tests.rollover.conftest import NEXT, TODAY, enrolled, room

NOW = datetime(2026, 11, 23, 9, tzinfo=ROME)


@pytest.fixture
def clerk(canteen: Edition) -> Account:
    return factories.account(Role.CLERK)


@pytest.fixture
def child(canteen: Edition) -> Child:
    return factories.child()


def diet(child: Child, last_day: date = date(2027, 6, 30)) -> Finding:
    return Finding(WorkKind.DIET, last_day, child_id=child.pk, facts={"medical": True})


def keep(findings: Sequence[Finding]) -> Kept:
    return keep_work_list(year=NEXT, findings=findings, now=NOW)


def test_twice_the_same_changes_nothing(clerk: Account, child: Child) -> None:
    section = factories.section()
    findings = [diet(child), Finding(WorkKind.SECTION, TODAY, section_id=section.pk, school_id=section.school_id)]
    assert keep(findings) == Kept(2, 0, 0, 0)
    before = list(WorkItem.objects.order_by("pk").values())
    assert keep(findings) == Kept(0, 0, 0, 2)
    assert list(WorkItem.objects.order_by("pk").values()) == before


def test_a_tick_says_who_and_when_and_stays(clerk: Account, child: Child) -> None:
    keep([diet(child)])
    row = WorkItem.objects.get()
    assert tick(items=[row.pk], done=True, actor=clerk, now=NOW) == 1
    assert tick(items=[row.pk], done=True, actor=factories.account(Role.CLERK), now=NOW) == 0, "somebody did it already"
    keep([diet(child)])
    row.refresh_from_db()
    assert (row.done_by, row.done_at) == (clerk, NOW)
    event = Event.objects.get(action=Action.CHILD_CHANGED)
    assert (event.actor, event.details) == (clerk.pk, {"event": "work_done", "items": [row.pk]})


def test_a_tick_may_be_taken_back(clerk: Account, child: Child) -> None:
    keep([diet(child)])
    row = WorkItem.objects.get()
    tick(items=[row.pk], done=True, actor=clerk, now=NOW)
    assert tick(items=[row.pk], done=False, actor=clerk, now=NOW) == 1
    row.refresh_from_db()
    assert (row.done_by, row.done_at) == (None, None)


def test_another_date_is_another_thing_to_do(clerk: Account, child: Child) -> None:
    keep([diet(child)])
    row = WorkItem.objects.get()
    tick(items=[row.pk], done=True, actor=clerk, now=NOW)
    assert keep([diet(child, date(2027, 9, 30))]) == Kept(0, 1, 0, 0)
    row.refresh_from_db()
    assert (row.done_at, row.due_on) == (None, date(2027, 9, 30))


def test_what_is_no_longer_found_goes_unless_it_was_done(clerk: Account, child: Child) -> None:
    other = factories.child()
    keep([diet(child), diet(other)])
    tick(items=[WorkItem.objects.get(child=child).pk], done=True, actor=clerk, now=NOW)
    assert keep([]) == Kept(0, 0, 1, 0)
    assert [row.child for row in WorkItem.objects.all()] == [child]


def test_another_year_has_a_list_of_its_own(clerk: Account, child: Child) -> None:
    keep([diet(child)])
    keep_work_list(year=NEXT.next, findings=[replace(diet(child), due_on=date(2028, 6, 30))], now=NOW)
    assert sorted(WorkItem.objects.values_list("school_year", flat=True)) == [2027, 2028]


def asked() -> Job:
    return ask_rehearsal(year=NEXT, today=TODAY, actor=1, now=clock.now())


def test_the_job_keeps_the_list_and_no_names(canteen: Edition) -> None:
    leaver = enrolled(canteen, room(Level.PRIMARY, 5))
    job = asked()
    assert asked() == job, "one is going on already"
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    assert (job.state, job.result["kinds"], job.result["kept"]) == (JobState.DONE, {"ending": 1}, [1, 0, 0, 0])
    assert WorkItem.objects.get().child == leaver
    assert set(job.result) == {"kinds", "kept", "schools", "editions", "renewed_alone"}
    assert leaver.family_name not in str(job.result)
    last = last_rehearsal(NEXT)
    assert last is not None
    assert (last.finished_at, last.editions) == (job.finished_at, (canteen.pk,))
    assert asked() != job
    assert last_rehearsal(NEXT.next) is None
