"""How long the texts of a row may be: what the tables hold."""

from typing import Final

from onboarding.record import Findings

NAME_LENGTH: Final = 80
ADDRESS_LENGTH: Final = 160
LEGACY_ID_LENGTH: Final = 40


def shortened(cell: str, limit: int, column: str, findings: Findings) -> str:
    """The cell without spaces at its ends; beyond the limit it is cut and a person must decide."""
    text = cell.strip()
    if len(text) <= limit:
        return text
    findings.note("text_too_long", column)
    return text[:limit]
