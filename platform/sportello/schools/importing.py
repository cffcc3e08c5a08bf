"""A table of schools comes in: looked at first, then taken whole or not at all."""

from datetime import datetime

import tablib

from sportello.audit.table_imports import import_table_on_record
from sportello.schools.resources import SchoolResource
from sportello.ui.table_files import Preview, import_table


def preview_schools(*, dataset: tablib.Dataset) -> Preview:
    """What an import would do; nothing is kept."""
    return import_table(SchoolResource(), dataset, dry_run=True)


def import_schools(*, dataset: tablib.Dataset, actor: int, now: datetime) -> Preview:
    """Add and update the schools of the table, all rows or none; none is taken away."""
    return import_table_on_record(resource=SchoolResource(), dataset=dataset, table="schools", actor=actor, now=now)
