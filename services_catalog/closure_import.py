"""A table of closures comes in: looked at first, then taken whole or not at all."""

from datetime import datetime

import tablib
from django.db import transaction

from services_catalog.closure_resources import ClosureResource
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.ui.table_files import Preview, import_table


def preview_closures(*, dataset: tablib.Dataset) -> Preview:
    """What an import would do; nothing is kept."""
    return import_table(ClosureResource(), dataset, dry_run=True)


@transaction.atomic
def import_closures(*, dataset: tablib.Dataset, actor: int, now: datetime) -> Preview:
    """Add the closures of the table and correct their reasons, all rows or none; none is taken away."""
    outcome = import_table(ClosureResource(), dataset, dry_run=False)
    if not outcome.wrong:
        record(
            action=Action.TABLE_IMPORTED,
            actor=actor,
            subject_kind="table",
            subject="closures",
            now=now,
            details={"created": outcome.created, "updated": outcome.updated},
        )
    return outcome
