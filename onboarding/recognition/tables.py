"""Value tables: what the words of a column mean. A word that is not known for certain is left out."""

# ruff: noqa: SIM905 -- lists of words and patterns read better as lines of text

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from onboarding.recognition.evidence import Table
from onboarding.recognition.headings import MONTHS, month_named
from onboarding.recognition.profiles import Profile
from onboarding.recognition.tags import DIETS, NO, SEXES, TAXES, TRIPS, YES, word

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_FILLERS: Final = frozenset(
    "dieta diete per la il lo le un una con di del della al alla all certificata certificato certif regime menu tipo"
    " alimentare medica sanitaria motivi etici religiosi etico religioso religiosa soggetto affetto da e".split()
)


def values_of(field: str, kind: str, profile: Profile, table: Table) -> dict[str, str]:
    """The value table of a column, empty where its cells speak for themselves."""
    words = sorted({text.strip() for text in (profile.words if profile.words is not None else profile.filled)} - {""})
    if field == "school_code":
        return {} if profile.share("mim") >= 0.6 else dict(sorted(table.school_names.get(profile.at, {}).items()))
    if field == "diet":
        return _diets(profile, words)
    if field == "sex":
        tied = table.ties.of(profile.at, table.ties.child).sex_words
        return _known(words, lambda text: SEXES.get(text, "")) or dict(sorted(tied.items()))
    meaning = _yes_or_no if (kind, field) in _YES_NO else _MEANINGS.get(field)
    return _known(words, meaning) if meaning is not None else {}


def _known(words: Iterable[str], meaning: Callable[[str], str]) -> dict[str, str]:
    return {text: said for text in words if (said := meaning(word(text)))}


def _month(text: str) -> str:
    if text.isdigit():
        return str(int(text)) if len(text) <= 2 and 1 <= int(text) <= 12 else ""
    named = month_named(text)
    return str(MONTHS.index(named.lower()) + 1) if named and not any(char.isdigit() for char in text) else ""


def _yes_or_no(text: str) -> str:
    return "si" if text in YES else "no" if text in NO else ""


_YES_NO: Final = frozenset({("transport", "paid"), ("taxes", "instalments"), ("debts", "paid_through_node")})
_MEANINGS: Final[dict[str, Callable[[str], str]]] = {
    "month": _month,
    "trip": lambda text: TRIPS.get(text, ""),
    "tax": lambda text: TAXES.get(text, ""),
}


def _diets(profile: Profile, words: Iterable[str]) -> dict[str, str]:
    """An empty cell is the menu of everybody, unless the file has a word of its own for that."""
    found = _known(words, diet_named)
    if profile.fill < 1 and "standard" not in found.values():
        found[""] = "standard"
    return found


def diet_named(text: str) -> str:
    """The diet a word stands for, by its spelling or without the words that say nothing ("dieta per ..."); else empty.

    >>> diet_named("Dieta per celiaci"), diet_named("allergia alle uova"), diet_named("nichel")
    ('medical:celiac', 'medical:egg_allergy', '')
    """
    return DIETS.get(word(text)) or _by_plain_words().get(_plain_words(text), "")


def _plain_words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return " ".join(found for found in _NOT_WORD.split(plain) if found and found not in _FILLERS)


@cache
def _by_plain_words() -> dict[str, str]:
    return {plain: diet for text, diet in DIETS.items() if (plain := _plain_words(text))}
