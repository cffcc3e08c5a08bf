"""What another system says in its own words, as a standing."""

from collections.abc import Iterable
from datetime import date

from integrations.errors import AnswerUnreadable
from integrations.tributi import values
from integrations.tributi.mapping import Words
from integrations.tributi.port import Standing
from integrations.tributi.types import Reason, Tax, Verdict

GRAVEST_FIRST = (
    (Reason.UNPAID, Verdict.IN_ARREARS),
    (Reason.INSTALMENTS, Verdict.REGULAR),
    (Reason.DECLARED, Verdict.REGULAR),
)


def standing_from(said: Iterable[tuple[str, str]], words: Words, *, as_of: date) -> Standing | None:
    """The standing that pairs (verdict, tax) give together: one in arrears is enough. None when nothing is said.

    Raises AnswerUnreadable for a word that the mapping does not know: a guess would be worse than no answer.
    """
    found = [(_reason(word, words), values.tax(tax, words.taxes)) for word, tax in said]
    for reason, verdict in GRAVEST_FIRST:
        concerned = [tax for each, tax in found if each is reason]
        if concerned:
            return Standing(verdict, reason, tuple(sorted({tax for tax in concerned if isinstance(tax, Tax)})), as_of)
    return None


def _reason(word: str, words: Words) -> Reason:
    said = word.strip().upper()
    if said in words.in_arrears:
        return Reason.UNPAID
    if said in words.instalments:
        return Reason.INSTALMENTS
    if said in words.regular:
        return Reason.DECLARED
    raise AnswerUnreadable
