"""An edition in plain words, part by part; and what changes from one edition to another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.describing_admission import admission_rows, first_use_words
from services_catalog.describing_fees import Row, base_rows, reduction_rows
from services_catalog.schema import EditionContent
from sportello.schools.models import Level


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an edition."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs between two editions; empty text where one of them does not have it."""

    section: str
    label: str
    before: str
    after: str


def describe(content: EditionContent) -> list[Section]:
    """The decisions of an edition that families feel: fees, reductions, who may apply, windows, calendar.

    In the reader's language.
    """
    parts = [
        (_("Tariffa"), base_rows(content.fees)),
        (_("Riduzioni ed esenzioni"), reduction_rows(content.fees, _labels(content))),
        (_("Chi può fare domanda"), admission_rows(content)),
        (_("Finestre di iscrizione"), _window_rows(content)),
        (_("Calendario"), _calendar_rows(content)),
    ]
    return [Section(title, tuple(rows)) for title, rows in parts]


def changes(before: EditionContent, after: EditionContent) -> list[Change]:
    """The lines that differ, in the order in which they stand in the new edition, then those it dropped."""
    found = []
    for old, new in zip(describe(before), describe(after), strict=True):
        was = {row.label: row.value for row in old.rows}
        now = {row.label: row.value for row in new.rows}
        found += [
            Change(new.title, label, was.get(label, ""), value)
            for label, value in now.items()
            if was.get(label) != value
        ]
        found += [Change(new.title, label, value, "") for label, value in was.items() if label not in now]
    return found


def _labels(content: EditionContent) -> dict[str, str]:
    language = get_language() or "it"
    return {condition.code: condition.label.within(language) for condition in content.conditions}


def _window_rows(content: EditionContent) -> Iterator[Row]:
    language = get_language() or "it"
    for index, window in enumerate(content.windows):
        value = _span(window.opens, window.closes)
        late = _("%(days)s (fuori termine)") % {"days": value}
        words = late if window.late else value
        if window.first_use is not None:
            words = _("%(window)s; si usa %(when)s") % {"window": words, "when": first_use_words(window.first_use)}
        yield Row(window.label.within(language), words, f"windows[{index}]")


def _calendar_rows(content: EditionContent) -> Iterator[Row]:
    for index, span in enumerate(content.calendar.spans):
        yield Row(
            capfirst(str(Level(span.level).label)), _span(span.first_day, span.last_day), f"calendar.spans[{index}]"
        )
    language = get_language() or "it"
    for index, closed in enumerate(content.calendar.closed):
        yield Row(closed.reason.within(language), _span(closed.first_day, closed.last_day), f"calendar.closed[{index}]")


def _span(first: date, last: date) -> str:
    return _("dal %(first)s al %(last)s") % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
