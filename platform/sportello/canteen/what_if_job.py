"""The what-if as a job: the office asks, a worker counts, the page shows figures without people."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition
from sportello.canteen.what_if import rehearse
from sportello.canteen.what_if_figures import Line, Outcome, Spread
from sportello.jobs.models import Job, JobState
from sportello.jobs.registry import Progress
from sportello.jobs.starting import start_job
from sportello.kernel.school_year import SchoolYear

WHAT_IF: Final = "canteen.what_if"


def ask_what_if(*, draft: Edition, on_year: SchoolYear, actor: int, now: datetime) -> Job:
    """Queues the rehearsal of a draft on the meals of a school year."""
    arguments = {"edition": draft.pk, "fingerprint": draft.fingerprint, "year": on_year.start_year}
    return start_job(kind=WHAT_IF, arguments=arguments, requested_by=actor, now=now)


def run_what_if(job: Job, progress: Progress) -> dict[str, Any]:
    """Counts; the result is the outcome as plain figures."""
    progress.advance(done=0, total=1, message=str(_("Conto i pasti di ogni tariffa")))
    draft = Edition.objects.select_related("service").get(pk=job.arguments["edition"])
    outcome = rehearse(draft=draft, period=SchoolYear(job.arguments["year"]).period)
    progress.advance(done=1, message=str(_("Fatto")))
    return asdict(outcome)


def page_of_what_if(job: Job) -> str:
    """Where the figures are read."""
    return f"{reverse('canteen:what_if', args=[job.arguments['edition']])}?prova={job.public_id}"


def last_outcome(draft: Edition) -> tuple[Job, Outcome] | None:
    """The last rehearsal of this very table that came to its end; None when the draft has changed since."""
    arguments = {"arguments__edition": draft.pk, "arguments__fingerprint": draft.fingerprint}
    job = Job.objects.filter(kind=WHAT_IF, state=JobState.DONE, **arguments).order_by("-finished_at").first()
    return None if job is None else (job, outcome_from(job.result))


def outcome_from(result: dict[str, Any]) -> Outcome:
    """The outcome that a job keeps."""
    return Outcome(
        whole=Line(**result["whole"]),
        median_change_cents=result["median_change_cents"],
        brackets=tuple(Line(**line) for line in result["brackets"]),
        schools=tuple(Line(**line) for line in result["schools"]),
        distribution=tuple(Spread(**one) for one in result["distribution"]),
    )
