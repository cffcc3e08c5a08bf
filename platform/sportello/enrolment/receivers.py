"""What enrolment does when a room below has news."""

from datetime import datetime

from django.dispatch import receiver

from services_catalog.models import Edition
from services_catalog.signals import edition_put_in_force
from sportello.enrolment.repricing_job import ask_repricing


@receiver(edition_put_in_force, dispatch_uid="enrolment.reprice_service")
def reprice_on_new_edition(*, edition: Edition, now: datetime, **_signal: object) -> None:
    """Prices follow the new act from its first day: a job works them out once the act is committed."""
    ask_repricing(edition=edition, now=now)
