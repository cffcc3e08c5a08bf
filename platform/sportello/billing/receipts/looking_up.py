"""Whom a question of the Node is about: the Comune, and what is known of the notice, in one trip to the database.

Which schema serves a fiscal code is remembered from the last time and only a guess: the statement that reads the notice
there also sees that the code is that schema's, served and not left. Where the guess is none or wrong it is asked for.
"""

from dataclasses import dataclass
from typing import Final

from integrations.pagopa.institutions import served
from integrations.pagopa.models import CreditorInstitution
from sportello.billing.debts.facts import NoticeFacts, facts_for

_GUESSES: Final[dict[str, str]] = {}
MOST_GUESSES: Final = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """The institution that is asked, its schema, and the notice if it is one of its."""

    ourselves: CreditorInstitution
    schema: str
    facts: NoticeFacts | None


def look_up(fiscal_code: str, notice_number: str) -> Found | None:
    """None for a creditor that is not served here."""
    return _asked(fiscal_code, notice_number, _GUESSES.get(fiscal_code)) or _found_out(fiscal_code, notice_number)


def _found_out(fiscal_code: str, notice_number: str) -> Found | None:
    known = served(fiscal_code)
    if known is None:
        _GUESSES.pop(fiscal_code, None)
        return None
    _institution, schema = known
    if fiscal_code in _GUESSES or len(_GUESSES) < MOST_GUESSES:  # only codes of ours come here
        _GUESSES[fiscal_code] = schema
    return _asked(fiscal_code, notice_number, schema)


def _asked(fiscal_code: str, notice_number: str, schema: str | None) -> Found | None:
    found = facts_for(fiscal_code, notice_number, schema=schema) if schema else None
    return None if found is None or schema is None else Found(found[0], schema, found[1])
