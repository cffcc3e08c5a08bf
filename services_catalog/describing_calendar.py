"""The calendar of an edition in plain words."""

from collections.abc import Iterator
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.describing_fees import Row
from services_catalog.schema import EditionContent
from sportello.schools.models import Level


def calendar_rows(content: EditionContent) -> Iterator[Row]:
    """First and last day for each level, then the closed days."""
    for index, span in enumerate(content.calendar.spans):
        label = capfirst(str(Level(span.level).label))
        yield Row(label, day_span(span.first_day, span.last_day), f"calendar.spans[{index}]")
    language = get_language() or "it"
    for index, closed in enumerate(content.calendar.closed):
        reason = closed.reason.within(language)
        yield Row(reason, day_span(closed.first_day, closed.last_day), f"calendar.closed[{index}]")


def day_span(first: date, last: date) -> str:
    """Two days, both included."""
    return _("dal %(first)s al %(last)s") % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
