"""Preparing the twin of a Comune, and putting it back to its first day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from onboarding.training.errors import TwinBeingFilled
from onboarding.training.filling import CHILDREN, FILL
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.jobs.models import Job, JobState
from sportello.jobs.progress import latest_figures
from sportello.jobs.starting import start_job
from tenants.addresses import site_url
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists
from tenants.twins import begin_twin_afresh, twin_of

PATIENCE: Final = timedelta(minutes=15)
"""A filling that lasts longer has died: the twin may be begun afresh."""


@dataclass(frozen=True, slots=True)
class TwinState:
    """How the twin of a Comune stands: whether one may go there, and what it is doing."""

    url: str
    ready: bool
    filling: bool
    failure: str = ""
    message: str = ""
    since: datetime | None = None


def prepare_twin(*, municipality: Municipality, actor: int, now: datetime, children: int = CHILDREN) -> None:
    """Begins the twin afresh and has it filled by a job there; who was in it is out, what was done in it is gone.

    The exercises already done stay. Recorded where the caller runs: in the Comune or at the central team's.
    Raises TwinBeingFilled, TwinBusy, SchemaMissing.
    """
    with transaction.atomic():
        held = Municipality.objects.select_for_update().get(pk=municipality.pk)
        state = twin_state(held, now)
        if state is not None and state.filling:
            raise TwinBeingFilled
        twin = begin_twin_afresh(municipality=held)
        record(
            action=Action.TRAINING_CHANGED,
            actor=actor,
            subject_kind="municipality",
            subject=held.belfiore_code,
            now=now,
            details={"event": "twin_begun_afresh"},
        )
    # Apart from the above: the task of a job goes out with the schema in which its transaction commits.
    with in_schema(twin.schema_name):
        start_job(kind=FILL, arguments={"children": children}, requested_by=None, now=now)


def twin_state(municipality: Municipality, now: datetime) -> TwinState | None:
    """How the twin stands; None where there is none."""
    twin = twin_of(municipality)
    if twin is None or not schema_exists(twin.schema_name):
        return None
    url = site_url(twin, "")
    with in_schema(twin.schema_name):
        job = Job.objects.filter(kind=FILL).order_by("-created_at").first()
        if job is None:
            return TwinState(url=url, ready=False, filling=False)
        at_work = job.state in {JobState.QUEUED, JobState.RUNNING} and now - job.created_at < PATIENCE
        message = str(latest_figures(job)["message"])
    return TwinState(
        url=url,
        ready=job.state == JobState.DONE,
        filling=at_work,
        failure=message if job.state == JobState.FAILED else "",
        message=message,
        since=job.finished_at,
    )
