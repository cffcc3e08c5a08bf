"""The rehearsal as a job: the office asks, a worker reads the whole Comune, the page shows the work list."""

from collections import Counter
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sportello.jobs.models import Job, JobState
from sportello.jobs.registry import Progress
from sportello.jobs.starting import start_job
from sportello.kernel.school_year import SchoolYear
from sportello.rollover.rehearsing import SchoolOutlook, rehearse
from sportello.rollover.work_list import keep_work_list

REHEARSAL: Final = "rollover.rehearsal"
GOING_ON: Final = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class LastRehearsal:
    """The last one that came to its end: when, the schools, the editions it counted with, the places that go
    on by themselves.
    """

    finished_at: datetime
    schools: tuple[SchoolOutlook, ...]
    editions: tuple[int, ...]
    renewed_alone: int = 0


def ask_rehearsal(*, year: SchoolYear, today: date, actor: int, now: datetime) -> Job:
    """Queues a rehearsal of 1 September of the year; the one that is still going on, where there is one."""
    going_on = Job.objects.filter(kind=REHEARSAL, state__in=GOING_ON, arguments__year=year.start_year)
    held = going_on.order_by("-created_at").first()
    if held is not None:
        return held
    arguments = {"year": year.start_year, "today": today.isoformat()}
    return start_job(kind=REHEARSAL, arguments=arguments, requested_by=actor, now=now)


def run_rehearsal(job: Job, progress: Progress) -> dict[str, Any]:
    """Rehearses and keeps the list; the result holds counts and ids, nobody's name."""
    year, today = SchoolYear(job.arguments["year"]), date.fromisoformat(job.arguments["today"])
    words = str(_("Provo il 1º settembre, servizio per servizio"))
    found = rehearse(
        year=year, today=today, tell=lambda done, total: progress.advance(done=done, total=total, message=words)
    )
    kept = keep_work_list(year=year, findings=found.findings, now=job.created_at)
    progress.advance(done=len(found.editions), total=len(found.editions), message=str(_("Fatto")))
    return {
        "kinds": dict(Counter(str(finding.kind) for finding in found.findings)),
        "kept": [kept.made, kept.changed, kept.withdrawn, kept.unchanged],
        "schools": [astuple(school) for school in found.schools],
        "editions": list(found.editions),
        "renewed_alone": found.renewed_alone,
    }


def page_of_rehearsal(job: Job) -> str:
    """Where the work list is."""
    return f"{reverse('rollover:work_list')}?anno={job.arguments['year']}"


def last_rehearsal(year: SchoolYear) -> LastRehearsal | None:
    """The last rehearsal of that year; one query."""
    done = Job.objects.filter(kind=REHEARSAL, state=JobState.DONE, arguments__year=year.start_year)
    job = done.order_by("-finished_at").first()
    if job is None or job.finished_at is None:
        return None
    schools = tuple(SchoolOutlook(*row) for row in job.result["schools"])
    return LastRehearsal(job.finished_at, schools, tuple(job.result["editions"]), job.result["renewed_alone"])
