"""The automatic renewal as a job: the administrator asks once, a worker gives the places, batch by batch.

Each batch is a transaction: a worker that dies leaves whole batches, and the job goes on with who has no place yet.
"""

from datetime import date, datetime
from itertools import batched
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sportello.enrolment.renewing_places import renew_places
from sportello.enrolment.repricing_job import ask_repricing
from sportello.jobs.models import Job, JobState
from sportello.jobs.registry import Progress
from sportello.jobs.starting import start_job
from sportello.kernel import clock
from sportello.kernel.school_year import SchoolYear
from sportello.rollover.renewals import services_to_renew

RENEWAL: Final = "rollover.renewal"
GOING_ON: Final = (JobState.QUEUED, JobState.RUNNING)
BATCH: Final = 200


def ask_renewal(*, year: SchoolYear, today: date, actor: int, now: datetime) -> Job:
    """Queues the renewal of the places of the year; the one that is still going on, where there is one."""
    held = Job.objects.filter(kind=RENEWAL, state__in=GOING_ON, arguments__year=year.start_year)
    going_on = held.order_by("-created_at").first()
    if going_on is not None:
        return going_on
    arguments = {"year": year.start_year, "today": today.isoformat()}
    return start_job(kind=RENEWAL, arguments=arguments, requested_by=actor, now=now)


def run_renewal(job: Job, progress: Progress) -> dict[str, Any]:
    """Renews who goes on, in the services whose edition of the new year is in force; has their prices decided."""
    year, today = SchoolYear(job.arguments["year"]), date.fromisoformat(job.arguments["today"])
    services = services_to_renew(year=year, today=today)
    ready = [one for one in services if one.ready]
    total, done = sum(len(one.children) for one in ready), 0
    renewed: dict[str, int] = {}
    words = str(_("Rinnovo i posti"))
    for one in ready:
        code = one.edition.service.code
        for children in batched(one.children, BATCH, strict=False):
            progress.advance(done=done, total=total, message=words)
            made = renew_places(
                edition=one.edition, children=children, year=year, actor=job.requested_by, now=clock.now()
            )
            renewed[code] = renewed.get(code, 0) + made
            done += len(children)
        ask_repricing(edition=one.edition, now=clock.now())
    progress.advance(done=total, total=total, message=str(_("Posti rinnovati")))
    return {
        "renewed": renewed,
        "refused": {one.edition.service.code: one.refused for one in ready if one.refused},
        "waiting": [one.edition.service.code for one in services if not one.ready],
    }


def page_of_renewal(job: Job) -> str:
    """Where the outcome is read."""
    return f"{reverse('rollover:renewal')}?anno={job.arguments['year']}"


def last_renewal(year: SchoolYear) -> Job | None:
    """The latest renewal of that year that came to its end; one query."""
    done = Job.objects.filter(kind=RENEWAL, state=JobState.DONE, arguments__year=year.start_year)
    return done.order_by("-finished_at").first()
