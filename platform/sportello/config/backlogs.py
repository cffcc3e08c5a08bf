"""How much work waits in each Comune, and whether its books close: read when Prometheus asks, one after the other."""

from sportello.billing.receipts.proving import last_proof
from sportello.config.metrics import BOOKS, JOBS, OUTBOX
from sportello.jobs.models import Job, JobState
from sportello.notifications.models import MailState, OutboxMail
from tenants.current import in_schema
from tenants.tasks import schemas_in_service


def measure_backlogs() -> None:
    """Sets the gauges of waiting mails, open jobs and books that do not close for every schema in service."""
    for schema in schemas_in_service():
        with in_schema(schema):
            OUTBOX.labels(schema).set(OutboxMail.objects.filter(state=MailState.PENDING).count())
            proof = last_proof()
            BOOKS.labels(schema).set(proof is not None and not proof.is_sound)
            JOBS.labels(schema).set(Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).count())
