"""A person says how easy a service was to use: five stars, fixed reasons, a short comment (C.SE.1.7)."""

from collections.abc import Iterable
from datetime import date

from services_catalog.models import Service
from sportello.applications.models import ServiceRating


def rate_service(*, service: Service, rating: int, reasons: Iterable[int], comment: str, today: date) -> ServiceRating:
    """Keep a rating from 1 to 5 with the numbers (1-5) of the fixed reasons; nothing says whose it is."""
    known = sorted({reason for reason in reasons if 1 <= reason <= 5})
    return ServiceRating.objects.create(
        service=service, rating=rating, reasons=known, comment=comment[:200].strip(), given_on=today
    )
