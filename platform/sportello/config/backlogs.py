"""How much work waits in each Comune: read when Prometheus asks, one Comune after the other."""

from sportello.config.metrics import JOBS, OUTBOX
from sportello.jobs.models import Job, JobState
from sportello.notifications.models import MailState, OutboxMail
from tenants.current import in_schema
from tenants.tasks import schemas_in_service


def measure_backlogs() -> None:
    """Sets the gauges of waiting mails and open jobs for every schema in service."""
    for schema in schemas_in_service():
        with in_schema(schema):
            OUTBOX.labels(schema).set(OutboxMail.objects.filter(state=MailState.PENDING).count())
            JOBS.labels(schema).set(Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).count())
