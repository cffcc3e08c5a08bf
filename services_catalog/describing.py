"""An edition in plain words, part by part; and what changes from one edition to another."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.describing_admission import admission_rows, first_use_words
from services_catalog.describing_calendar import calendar_rows, day_span
from services_catalog.describing_fees import Row, base_rows, reduction_rows
from services_catalog.differences.phrases import Change
from services_catalog.differences.whole import changes
from services_catalog.schema import EditionContent

__all__ = ["Change", "Section", "changes", "describe"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an edition."""

    title: str
    rows: tuple[Row, ...]


def describe(content: EditionContent) -> list[Section]:
    """The decisions of an edition that families feel: fees, reductions, who may apply, windows, calendar.

    In the reader's language.
    """
    parts = [
        (_("Tariffa"), base_rows(content.fees, _labels(content))),
        (_("Riduzioni ed esenzioni"), reduction_rows(content.fees, _labels(content))),
        (_("Chi può fare domanda"), admission_rows(content)),
        (_("Finestre di iscrizione"), _window_rows(content)),
        (_("Calendario"), calendar_rows(content)),
    ]
    return [Section(title, tuple(rows)) for title, rows in parts]


def _labels(content: EditionContent) -> dict[str, str]:
    language = get_language() or "it"
    return {condition.code: condition.label.within(language) for condition in content.conditions}


def _window_rows(content: EditionContent) -> Iterator[Row]:
    language = get_language() or "it"
    for index, window in enumerate(content.windows):
        value = day_span(window.opens, window.closes)
        late = _("%(days)s (fuori termine)") % {"days": value}
        words = late if window.late else value
        if window.first_use is not None:
            words = _("%(window)s; si usa %(when)s") % {"window": words, "when": first_use_words(window.first_use)}
        yield Row(window.label.within(language), words, f"windows[{index}]")
