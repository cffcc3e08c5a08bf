"""An edition in plain words, in the language of who reads."""

from datetime import date

from django.utils import translation

from services_catalog.describing import describe
from services_catalog.schema import ClosedDays, Text
from tests.factories.meals import canteen_content


def test_the_reason_of_a_closure_is_told_in_the_language_of_the_reader() -> None:
    feast = Text(it="Festa", en="Feast")
    closed = ClosedDays(first_day=date(2026, 12, 7), last_day=date(2026, 12, 7), reason=feast)
    content = canteen_content(closed=(closed,))
    for language, reason in (("it", "Festa"), ("en", "Feast")):
        with translation.override(language):
            labels = [row.label for section in describe(content) for row in section.rows]
        assert reason in labels
