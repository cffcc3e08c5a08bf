"""Schools of the Comune taken from a list of facts: those known by their MIM code are brought up to date."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from sportello.schools.models import School


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school as a list gives it; ``level`` is empty for an institute that only groups others."""

    school_code: str
    name: str
    level: str
    kind: str
    ownership: str
    address: str


@transaction.atomic
def register_schools(*, rows: Iterable[SchoolRow]) -> int:
    """Add or update the schools of the list by code; none is taken away. Returns how many the list holds."""
    schools = [
        School(
            school_code=row.school_code,
            name=row.name,
            level=row.level,
            kind=row.kind,
            ownership=row.ownership,
            address=row.address,
        )
        for row in rows
    ]
    School.objects.bulk_create(
        schools,
        update_conflicts=True,
        unique_fields=["school_code"],
        update_fields=["name", "level", "kind", "ownership", "address"],
    )
    return len(schools)
