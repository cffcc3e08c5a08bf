"""What the linter finds: questions to the office, each with a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sportello.kernel.errors import told

EXAMPLE_DISAGREES: Final = "example_disagrees"
"""The code of a finding on an example: what prices them stands in a room above."""


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True)
class Finding:
    """A question to the office: ``template`` with ``params`` as in DomainError, and the place it speaks of."""

    severity: Severity
    code: str
    place: str
    template: str
    params: dict[str, str]

    @property
    def message(self) -> str:
        """The question in the reader's language."""
        return told(self.template, self.params)


def warning(code: str, place: str, template: str, **params: str) -> Finding:
    """A question that does not keep an edition from being put in force."""
    return Finding(Severity.WARNING, code, place, template, params)


def errors_of(findings: Sequence[Finding]) -> list[Finding]:
    """Those that keep an edition from being put in force."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]
