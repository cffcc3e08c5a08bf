"""The list of providers, brought up to date as a job that somebody at the desk started."""

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.spid_cie.models import IdentityScheme
from integrations.spid_cie.registry_sync import update_registry
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock

REGISTRY_SYNC: Final = "identity.registry_sync"


def run_registry_sync(job: Job, progress: Progress) -> dict[str, Any]:
    """Fetches and takes the list of one scheme; a refusal ends the job with its sentence.

    The list is read inside the job's transaction: nothing is told to anybody outside, and it takes 20 s at most.
    """
    progress.advance(total=1)
    scheme = IdentityScheme(job.arguments["scheme"])
    found = update_registry(scheme=scheme, now=clock.now(), actor=job.requested_by)
    words = _("Aggiunti %(added)s, aggiornati %(changed)s, tolti %(removed)s.") % {
        "added": len(found.added),
        "changed": len(found.changed),
        "removed": len(found.removed),
    }
    progress.advance(done=1, message=words)
    return {"added": len(found.added), "changed": len(found.changed), "removed": len(found.removed)}


def registry_page(_job: Job) -> str:
    """Where the result is: the list of providers."""
    return reverse("central:identities")
