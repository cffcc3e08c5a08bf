"""A table of an administrator comes in on the record."""

from datetime import datetime

import tablib
from django.db import transaction
from import_export.resources import ModelResource

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.ui.table_files import Preview, import_table


@transaction.atomic
def import_table_on_record(
    *, resource: ModelResource, dataset: tablib.Dataset, table: str, actor: int, now: datetime
) -> Preview:
    """Add and update the rows of the table, all or none; the record says how many. `table` names it there."""
    outcome = import_table(resource, dataset, dry_run=False)
    if not outcome.wrong:
        record(
            action=Action.TABLE_IMPORTED,
            actor=actor,
            subject_kind="table",
            subject=table,
            now=now,
            details={"created": outcome.created, "updated": outcome.updated},
        )
    return outcome
