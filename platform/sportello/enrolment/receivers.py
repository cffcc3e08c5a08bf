"""What enrolment does when a room below has news."""

from datetime import datetime

from django.dispatch import receiver

from services_catalog.models import Edition
from services_catalog.signals import edition_put_in_force
from sportello.enrolment.pricing import reprice_service


@receiver(edition_put_in_force, dispatch_uid="enrolment.reprice_service")
def reprice_on_new_edition(*, edition: Edition, now: datetime, **_signal: object) -> None:
    """Prices follow the new act from its first day, in the transaction that puts it in force."""
    reprice_service(service=edition.service, within=edition.period, now=now)
