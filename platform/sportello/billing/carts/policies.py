"""How each service is paid on a day, as its edition in force says."""

from datetime import date

from services_catalog.fees.payment import PaymentPolicy
from services_catalog.models import Edition, EditionStatus

UNSAID = PaymentPolicy()


def payment_policies(today: date) -> dict[str, PaymentPolicy]:
    """Service code -> its policy, for the services with an edition in force; one query."""
    editions = Edition.objects.filter(status=EditionStatus.IN_FORCE, valid_during__contains=today)
    rows = editions.select_related("service").order_by("service__code", "pk")
    return {edition.service.code: edition.rules.fees.payment for edition in rows}
