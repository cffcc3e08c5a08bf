"""The signs of a Comune are asked of its rooms and written down: by the clock, or at once for all."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.urls import reverse

from onboarding.board.models import GatheredSigns
from onboarding.signs import DATA_QUALITY, TRAINING, signs_here
from sportello.accounts.models import Account
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.jobs.starting import start_job
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.migration_states import MigrationState, migration_states
from tenants.models import Municipality

GATHER: Final = "board_gather"


@transaction.atomic
def gather_signs(*, municipality: Municipality, now: datetime) -> GatheredSigns:
    """Ask the rooms of a Comune, whose schema must be up to date, and keep what they say."""
    with in_schema(municipality.schema_name):
        signs = signs_here(now.date())
    shares = {sign.key: sign.share for sign in signs}
    return GatheredSigns.objects.update_or_create(
        municipality=municipality,
        defaults={
            "gathered_at": now,
            "signs": [asdict(sign) for sign in signs],
            "data_quality": shares.get(DATA_QUALITY),
            "training": shares.get(TRAINING),
        },
    )[0]


def request_gathering(*, actor: Account, now: datetime) -> Job:
    """Have the signs of all the Comuni gathered now, as a job of the central team."""
    return start_job(kind=GATHER, arguments={}, requested_by=actor.pk, now=now)


def run_gather(_job: Job, progress: Progress) -> dict[str, Any]:
    """Gather Comune by Comune; those without an up-to-date schema are left as they are."""
    ready = [schema for schema, state in migration_states().items() if state is MigrationState.ALIGNED]
    for done, municipality in enumerate(Municipality.objects.filter(schema_name__in=ready).order_by("pk"), start=1):
        gather_signs(municipality=municipality, now=clock.now())
        progress.advance(done=done, total=len(ready))
    return {"comuni": len(ready)}


def board_page(_job: Job) -> str:
    """Where the result is seen."""
    return reverse("central_board:board")
