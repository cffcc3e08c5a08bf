"""How much work waits in each Comune, and whether its books close: read when Prometheus asks, one after the other."""

from sportello.billing.publishing.standing import standing_of
from sportello.billing.receipts.proving import last_proof
from sportello.config.metrics import BOOKS, JOBS, OUTBOX, UNACCEPTED, UNTOLD
from sportello.jobs.models import Job, JobState
from sportello.kernel import clock
from sportello.notifications.models import MailState, OutboxMail
from tenants.current import in_schema
from tenants.tasks import schemas_in_service


def measure_backlogs() -> None:
    """Sets the gauges of mails, jobs and notices that wait, and of books that do not close, for every schema."""
    now = clock.now()
    for schema in schemas_in_service():
        with in_schema(schema):
            OUTBOX.labels(schema).set(OutboxMail.objects.filter(state=MailState.PENDING).count())
            proof = last_proof()
            BOOKS.labels(schema).set(proof is not None and not proof.is_sound)
            backlog = standing_of(now)
            UNTOLD.labels(schema).set(backlog.waiting)
            UNACCEPTED.labels(schema).set(backlog.refused)
            JOBS.labels(schema).set(Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).count())
