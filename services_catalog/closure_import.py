"""A table of closures comes in: looked at first, then taken whole or not at all."""

from datetime import datetime

import tablib

from services_catalog.closure_resources import ClosureResource
from sportello.audit.table_imports import import_table_on_record
from sportello.ui.table_files import Preview, import_table


def preview_closures(*, dataset: tablib.Dataset) -> Preview:
    """What an import would do; nothing is kept."""
    return import_table(ClosureResource(), dataset, dry_run=True)


def import_closures(*, dataset: tablib.Dataset, actor: int, now: datetime) -> Preview:
    """Add the closures of the table and correct their reasons, all rows or none; none is taken away."""
    return import_table_on_record(resource=ClosureResource(), dataset=dataset, table="closures", actor=actor, now=now)
