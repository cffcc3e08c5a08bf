"""The jobs of the ladder: look, and climb."""

from typing import Any, Final

from django.urls import reverse

from sportello.billing.ladder.models import LadderRun
from sportello.billing.ladder.packing import PACK, pack_letters
from sportello.billing.ladder.running import CLIMB, LOOK, climb, look
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress, Runner
from sportello.kernel import clock


def run_look(job: Job, progress: Progress) -> dict[str, Any]:
    """Looks."""
    return look(run=_run(job), now=clock.now(), progress=progress)


def run_climb(job: Job, progress: Progress) -> dict[str, Any]:
    """Climbs."""
    return climb(run=_run(job), actor=job.requested_by, now=clock.now(), progress=progress)


def run_pack(job: Job, progress: Progress) -> dict[str, Any]:
    """Puts the letters together."""
    return pack_letters(run=_run(job), now=clock.now(), progress=progress)


def page_of(job: Job) -> str:
    """The page of the run."""
    return reverse("ladder:run", args=[job.arguments["run"]])


def _run(job: Job) -> LadderRun:
    return LadderRun.objects.select_related("rules").get(public_id=job.arguments["run"])


IN_PIECES: Final = frozenset({CLIMB, PACK})
RUNNERS: Final[dict[str, Runner]] = {LOOK: run_look, CLIMB: run_climb, PACK: run_pack}
