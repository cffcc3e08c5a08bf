"""The comparison with PagoPA's record, as a job that somebody at the desk started."""

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.errors import words_of
from integrations.pagopa.drift_check import check_drift
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock

DRIFT_CHECK: Final = "pagopa.drift_check"


def run_drift_check(_job: Job, progress: Progress) -> dict[str, Any]:
    """Asks the BackOffice of every broker; one that cannot be asked is told, and the others are compared."""
    progress.advance(total=1)
    made = check_drift(now=clock.now())
    failed = [one for one in made if one.error_code]
    differences = sum(one.differences for one in made)
    if failed:
        words = str(words_of(failed[0].error_code))
    else:
        words = _("Differenze trovate: %(count)s.") % {"count": differences}
    progress.advance(done=1, message=words)
    return {"differences": differences, "failed": len(failed)}


def drift_page(_job: Job) -> str:
    """Where the result is."""
    return reverse("central:pagopa")
