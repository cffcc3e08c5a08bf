"""The examples of an edition, worked out: which come out as their author expects, and what the others give.

They are priced as the golden cases of the packs are (:mod:`sportello.fees.cases`). An example that disagrees is an
error of the linter: it is shown wherever findings are, and keeps the edition from being proposed and put in force.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from services_catalog.examples import Example
from services_catalog.fee_table import FeeTable
from services_catalog.findings import EXAMPLE_DISAGREES, Finding, Severity
from services_catalog.models import Edition
from services_catalog.publication import locked_draft, revise_draft
from services_catalog.reading import from_builtins, to_builtins
from services_catalog.schema import EditionContent
from sportello.accounts.models import Account
from sportello.fees.cases import came_out
from sportello.fees.dues import Due, replay
from sportello.fees.example_facts import expected_words, found_words
from sportello.kernel.errors import DomainError, gettext_noop


class DraftChanged(DomainError):
    """The draft is no longer the one the page showed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An example, what came out of the table, and whether it is what the example says."""

    example: Example
    found: Due | DomainError

    @property
    def agrees(self) -> bool:
        """The same cents (and the explanation alone gives them again), or the same reason for giving none."""
        if isinstance(self.found, DomainError):
            return self.found.code == self.example.refused
        return self.found.amount == self.example.pays == replay(self.found)


def judged(example: Example, table: FeeTable) -> Verdict:
    """The example worked out with the table."""
    return Verdict(example, came_out(example, table))


def accepted(verdict: Verdict) -> Example:
    """The example with what came out as what is expected."""
    if isinstance(verdict.found, DomainError):
        plain = {**to_builtins(verdict.example), "refused": verdict.found.code}
        plain.pop("pays", None)
        return from_builtins(plain, Example)
    return msgspec.structs.replace(verdict.example, pays=verdict.found.amount, refused=None)


def example_findings(content: EditionContent) -> Iterator[Finding]:
    """An error for each example that comes out otherwise; its number is its place on the page."""
    for index, example in enumerate(content.examples):
        verdict = judged(example, content.fees)
        if not verdict.agrees:
            yield Finding(
                Severity.ERROR,
                EXAMPLE_DISAGREES,
                f"examples[{index}]",
                gettext_noop("Esempio %(number)s, «%(because)s»: dà %(found)s invece di %(wanted)s."),
                {
                    "number": str(index + 1),
                    "because": example.because,
                    "found": found_words(verdict.found),
                    "wanted": expected_words(example),
                },
            )


@transaction.atomic
def write_examples(
    *, edition: Edition, examples: tuple[Example, ...], seen: str, actor: Account, now: datetime
) -> Edition:
    """Give a draft these examples, if it still is the one whose fingerprint was ``seen``.

    Raises EditionNotDraft, EditionFrozen, DraftChanged, and SchemaError for a condition that is not declared.
    """
    locked = locked_draft(edition)
    if locked.fingerprint != seen:
        raise DraftChanged(_("Intanto la bozza è cambiata: guarda gli esempi come sono adesso e riprova."))
    plain = {**to_builtins(locked.rules), "examples": [to_builtins(example) for example in examples]}
    return revise_draft(edition=locked, content=from_builtins(plain, EditionContent), actor=actor, now=now)
