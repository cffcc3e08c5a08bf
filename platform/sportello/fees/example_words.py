"""The examples of an edition as its pages show them: a row for each, with what came out and how."""

from dataclasses import dataclass

from django.utils.translation import get_language

from services_catalog.examples import Example
from services_catalog.models import Edition
from services_catalog.panels import Panel
from services_catalog.schema import EditionContent
from sportello.accounts.models import Account
from sportello.fees.dues import Due
from sportello.fees.example_facts import expected_words, facts_words, found_words
from sportello.fees.examples import Verdict, judged
from sportello.fees.explanation import Line, explain


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """An example on a page; ``number`` counts from 1."""

    number: int
    example: Example
    facts: str
    expected: str
    found: str
    agrees: bool
    lines: tuple[Line, ...]


def example_rows(content: EditionContent) -> list[ExampleRow]:
    """Every example of an edition, worked out, in the reader's language."""
    language = get_language() or "it"
    names = {condition.code: condition.label.within(language) for condition in content.conditions}
    verdicts = [judged(example, content.fees) for example in content.examples]
    return [_row(number, verdict, names, content) for number, verdict in enumerate(verdicts, start=1)]


def examples_panel(edition: Edition, reader: Account) -> Panel:  # noqa: ARG001 -- every panel is asked alike
    """The examples on the page where an edition is judged."""
    return Panel("fees/_examples_panel.html", example_rows(edition.rules))


def _row(number: int, verdict: Verdict, names: dict[str, str], content: EditionContent) -> ExampleRow:
    steps = verdict.found.all_steps() if isinstance(verdict.found, Due) else ()
    return ExampleRow(
        number=number,
        example=verdict.example,
        facts=facts_words(verdict.example, names),
        expected=expected_words(verdict.example),
        found=found_words(verdict.found),
        agrees=verdict.agrees,
        lines=tuple(explain(steps, content)),
    )
