"""A table of schools comes in: looked at first, then taken whole or not at all."""

from datetime import datetime

import tablib
from django.db import transaction

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.schools.resources import SchoolResource
from sportello.ui.table_files import Preview, import_table


def preview_schools(*, dataset: tablib.Dataset) -> Preview:
    """What an import would do; nothing is kept."""
    return import_table(SchoolResource(), dataset, dry_run=True)


@transaction.atomic
def import_schools(*, dataset: tablib.Dataset, actor: int, now: datetime) -> Preview:
    """Add and update the schools of the table, all rows or none; none is taken away."""
    outcome = import_table(SchoolResource(), dataset, dry_run=False)
    if not outcome.wrong:
        record(
            action=Action.TABLE_IMPORTED,
            actor=actor,
            subject_kind="table",
            subject="schools",
            now=now,
            details={"created": outcome.created, "updated": outcome.updated},
        )
    return outcome
