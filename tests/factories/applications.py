"""Applications that were sent, with their protocol number."""

from datetime import timedelta
from typing import Any

from services_catalog.models import Edition
from sportello.applications.models import Application, ApplicationState, ProtocolRecord
from sportello.families.models import Child
from sportello.kernel import clock
from tests.factories.numbering import next_number
from tests.factories.people import adult, citizen, guardianship
from tests.factories.people import child as child_of


def sent_application(
    edition: Edition, child: Child | None = None, *, days_left: int = 20, **fields: Any
) -> Application:
    """An application on the office's desk, to be answered in so many days; by a parent of the child."""
    parent = adult()
    if child is not None and "applicant" not in fields:
        guardianship(parent, child)
    number, now = next_number(), clock.now()
    values: dict[str, Any] = {
        "applicant": citizen(parent),
        "child": child or child_of(parent),
        "service": edition.service,
        "edition": edition,
        "school_year": 2026,
        "state": ApplicationState.SUBMITTED,
        "contact_email": "madre@example.org",
        "created_at": now,
        "changed_at": now,
        "submitted_at": now,
        "taken_in_charge_on": now.date(),
        "answer_by": now.date() + timedelta(days=days_left),
        "protocol": ProtocolRecord.objects.create(year=2026, number=number, registered_at=now, subject="Mensa"),
    }
    return Application.objects.create(**{**values, **fields})
