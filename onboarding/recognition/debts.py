"""On which side of zero a balance stands: credit of the family, or its debt. The wrong one is wrong money."""

from typing import Final

import msgspec
from django.utils.translation import gettext_noop

from onboarding.mapping.structs import Column, Sign
from onboarding.recognition.evidence import Table
from onboarding.recognition.formats import decimal_sign, thousands_sign, unit_of
from onboarding.recognition.headings import concepts_of, words_of
from onboarding.recognition.numbers import is_amount
from onboarding.recognition.profiles import Profile

DOUBT: Final = 0.6
"""Below what is asked about."""
_NEVER_BELOW: Final = gettext_noop("importi mai sotto zero")
_TWO_SIDES: Final = gettext_noop("col nome dell'altra colonna fanno un saldo: credito meno debito")
_OWED: Final = gettext_noop("il nome parla di debiti: sopra zero è dovuto")
_OWED_BUT: Final = gettext_noop("il nome parla di debiti: sopra zero è dovuto, ma alcuni importi sono sotto zero")
_BELOW: Final = gettext_noop("il nome parla di debiti, gli importi stanno sotto zero come in un saldo")
_TURN: Final = gettext_noop("nessun importo è sotto zero: se fossero debiti, il segno va girato")
_DEBT: Final = frozenset({"due", "owed"})
_CREDIT: Final = ("credit", "disponibil", "residuo", "borsellino", "accredit")
_NEUTRAL: Final = ("sald", "balance", "conto")


def with_debts(columns: tuple[Column, ...], table: Table) -> tuple[Column, ...]:
    """The columns with the sign of their balance; a column of the other side is taken beside it."""
    at = next((at for at, column in enumerate(columns) if column.field == "balance"), None)
    if at is None:
        return columns
    side = _side(table.profiles[at])
    other = next((place for place, one in enumerate(columns) if _is_other(one, table.profiles[place], side)), None)
    found = list(columns)
    found[at] = _signed(columns[at], table.profiles[at], side)
    if side and other is not None:
        beside: Sign = "debt" if side == "credit" else "credit"
        profile = table.profiles[other]
        found[other] = msgspec.structs.replace(
            columns[other],
            field="balance",
            sign=beside,
            decimal=decimal_sign(profile),
            thousands=thousands_sign(profile),
            unit=unit_of(profile, table.kind, table)[0],
            confidence=0.8,
            reason=f"{_NEVER_BELOW}; {_TWO_SIDES}",
        )
    return tuple(found)


def _side(profile: Profile) -> Sign | None:
    """What the name says; none where it says neither, or both."""
    debt = bool(concepts_of(profile.name)[0] & _DEBT)
    credit = any(word.startswith(_CREDIT) for word in words_of(profile.name))
    if debt == credit:
        return None
    return "debt" if debt else "credit"


def _is_other(column: Column, profile: Profile, side: Sign | None) -> bool:
    """Whether a column nobody reads has the amounts of the other side."""
    if column.field or side is None or not profile.filled:
        return False
    return _side(profile) not in {None, side} and is_amount(profile) and not profile.tags["negative"]


def _signed(column: Column, profile: Profile, side: Sign | None) -> Column:
    below = profile.share("negative")
    if side == "debt" and below < 0.5:
        doubtful = below > 0
        told = _OWED_BUT if doubtful else _OWED
        confidence = min(column.confidence, DOUBT if doubtful else column.confidence)
        return _told(column, told, confidence, "debt")
    if side == "debt":
        return _told(column, _BELOW, DOUBT)
    neutral = any(word.startswith(_NEUTRAL) for word in words_of(profile.name))
    if side is None and not below and not neutral:
        return _told(column, _TURN, DOUBT)
    return column


def _told(column: Column, reason: str, confidence: float, sign: Sign = "credit") -> Column:
    told = f"{column.reason}; {reason}"
    return msgspec.structs.replace(column, reason=told, confidence=min(column.confidence, confidence), sign=sign)
