"""A table of the calendar comes in: it becomes a draft of the edition, to be put in force by its act."""

from datetime import datetime

import msgspec
import tablib
from django.core.exceptions import ValidationError
from django.db import transaction

from services_catalog.calendar_resource import CalendarResource, calendar_of
from services_catalog.models import Edition
from services_catalog.publication import copy_as_draft, revise_draft
from services_catalog.reading import from_builtins, to_builtins
from services_catalog.schema import EditionContent
from sportello.accounts.models import Account
from sportello.ui.table_files import Preview, import_table


def preview_calendar(*, edition: Edition, dataset: tablib.Dataset) -> Preview:
    """What the rows say; nothing is kept. Raises ValidationError when together they are no calendar."""
    resource = CalendarResource()
    preview = import_table(resource, dataset, dry_run=True)
    if not preview.wrong:
        _content(edition, resource)
    return preview


@transaction.atomic
def draft_with_calendar(*, edition: Edition, dataset: tablib.Dataset, actor: Account, now: datetime) -> Edition:
    """A draft of the edition with the calendar of the table: this one if it is a draft, else a copy from today on."""
    resource = CalendarResource()
    import_table(resource, dataset, dry_run=False)
    content = _content(edition, resource)
    draft = edition
    if not edition.is_draft:
        draft = copy_as_draft(edition=edition, valid_from=now.date(), actor=actor, now=now)
    return revise_draft(edition=draft, content=content, actor=actor, now=now)


def _content(edition: Edition, resource: CalendarResource) -> EditionContent:
    """The edition's content with the other calendar, checked as a whole."""
    try:
        calendar = calendar_of(resource.rows, edition.rules.calendar)
        changed = msgspec.structs.replace(edition.rules, calendar=calendar)
        return from_builtins(to_builtins(changed), EditionContent)
    except ValueError as error:
        raise ValidationError(str(error)) from error
