"""School names as people write them against the list of the Ministry; which Comune a file speaks of."""

# ruff: noqa: SIM905, E501 -- lists of words and patterns read better as lines of text

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from onboarding.recognition.facts import Facts
from onboarding.recognition.profiles import Profile
from onboarding.recognition.sampling import WORDS

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_EMPTY: Final = frozenset(
    "scuola scuole plesso istituto comprensivo statale dell dello della delle dei del di de d l il la via viale piazza e"
    " ic sms cd c i s m circolo didattico sede succursale n ist compr paritaria".split()
)
_LEVELS: Final = {
    "infanzia": "infanzia", "materna": "infanzia", "inf": "infanzia", "asilo": "infanzia", "matern": "infanzia",
    "primaria": "primaria", "elementare": "primaria", "elem": "primaria", "prim": "primaria",
    "media": "secondaria_1", "secondaria": "secondaria_1", "sec": "secondaria_1", "sms": "secondaria_1",
    "ssig": "secondaria_1", "grado": "",
}  # fmt: skip
_TEXTS: Final = 12
_SURE: Final = 0.6
LONG: Final = 5
"""Shorter words are too near one another."""
_NUMBERS: Final = frozenset(str(number) for number in range(1, 100))
"""Circles have numbers that names often leave out."""


@lru_cache(maxsize=16384)
def plain_name(name: str) -> str:
    """All the words of a name."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return " ".join(_NOT_WORD.sub(" ", plain).split())


@lru_cache(maxsize=16384)
def words_of_name(name: str) -> tuple[frozenset[str], str]:
    """The words that tell a school apart, and the level it names if any."""
    words = plain_name(name).split()
    level = next((_LEVELS[word] for word in words if _LEVELS.get(word)), "")
    told = frozenset(word for word in words if word not in _EMPTY and word not in _LEVELS)
    return frozenset(word for word in told if len(word) > 1) or told, level


def named_schools(profile: Profile, facts: Facts, municipality: str) -> dict[str, str]:
    """What the column says -> the code, for names that one school alone of the Comune answers to."""
    town = words_of_name(facts.towns.get(municipality, ""))[0]
    schools = [
        (code, words_of_name(school.name)[0] - town, words_of_name(school.name)[1], school.level)
        for code, school in facts.schools.items()
        if school.municipality == municipality
    ]
    whole = Counter(plain_name(school.name) for school in facts.schools.values() if school.municipality == municipality)
    exact = {
        plain_name(school.name): code
        for code, school in facts.schools.items()
        if school.municipality == municipality and whole[plain_name(school.name)] == 1
    }
    vocabulary = frozenset().union(*(its for _, its, _, _ in schools))
    found: dict[str, str] = {}
    for text in profile.words if profile.words is not None else set(profile.filled):
        # The name of the town alone is no school.
        code = (
            exact.get(plain_name(text)) or _code_named(text, schools, town, vocabulary)
            if words_of_name(text)[0] - town
            else ""
        )
        if code:
            found[text.strip()] = code
    return found


def _code_named(
    text: str,
    schools: Sequence[tuple[str, frozenset[str], str, str]],
    town: frozenset[str],
    vocabulary: frozenset[str],
) -> str:
    """The one school whose words are those of the text; empty when none or several are.

    A word that no school bears may be that of one nobody has told us of: it forbids every guess, unless it is a slip.
    """
    read, level = words_of_name(text)[0] - town, words_of_name(text)[1]
    words = frozenset(_meant(word, vocabulary) for word in read)
    best = sorted(
        (
            (len(words & its) / len(words | its) + (0.01 if level and named_level == level else 0), code)
            for code, its, named_level, its_level in schools
            if words & its and words <= its | _NUMBERS and (not level or its_level == level)
        ),
        reverse=True,
    )
    holding = sum(words <= its for _, its, _, its_level in schools if not level or its_level == level)
    if not best or best[0][0] < _SURE or (len(best) > 1 and best[1][0] > best[0][0] - 0.15):
        return ""
    # Some words of a name that several schools bear are nobody's; all the words of one are its own.
    return best[0][1] if best[0][0] >= 1 or holding <= 1 else ""


def _meant(word: str, vocabulary: frozenset[str]) -> str:
    """The word of a school's name that was mistyped; the word itself where none is near, or two are."""
    if word in vocabulary or len(word) < LONG:
        return word
    near = get_close_matches(word, vocabulary, n=2, cutoff=0.83)
    return near[0] if len(near) == 1 and near[0][0] == word[0] else word


def is_by_likeness(text: str, name: str) -> bool:
    """Whether a text stands for a school without having its very words."""
    return words_of_name(text)[0] != words_of_name(name)[0]


def municipality_of(profiles: Sequence[Profile], facts: Facts) -> str:
    """The hint; else the Comune most codes of schools belong to; else the one whose schools the names are."""
    if facts.municipality:
        return facts.municipality
    counts: Counter[str] = Counter()
    texts: list[Profile] = []
    for profile in profiles:
        if profile.share("mim") >= 0.5:
            counts.update(
                facts.schools[cell.upper()].municipality for cell in profile.filled if cell.upper() in facts.schools
            )
        elif profile.filled and profile.words is not None and _may_be_schools(profile):
            texts.append(profile)
    if counts:
        return counts.most_common(1)[0][0]
    return _by_belfiore(profiles, facts) or _by_names(texts, facts)


def _by_belfiore(profiles: Iterable[Profile], facts: Facts) -> str:
    """The Comune whose code stands in every row."""
    for profile in profiles:
        if profile.share("belfiore") >= 0.95:
            code, times = Counter(cell.upper() for cell in profile.filled).most_common(1)[0]
            if times >= 0.95 * len(profile.filled) and code in facts.towns:
                return code
    return ""


def _may_be_schools(profile: Profile) -> bool:
    return (
        2 <= profile.distinct <= WORDS
        and profile.share("date", "code", "digits", "month_word", "trip", "diet", "place") < 0.5
    )


def _by_names(texts: Sequence[Profile], facts: Facts) -> str:
    best = (0.0, "")
    for profile in texts[:_TEXTS]:
        for town in facts.towns:
            found = named_schools(profile, facts, town)
            share = sum(cell in found for cell in profile.filled) / len(profile.filled)
            best = max(best, (share, town))
    return best[1] if best[0] >= 0.5 else ""


def school_tables(profiles: Iterable[Profile], facts: Facts, municipality: str) -> dict[int, dict[str, str]]:
    """For each column that may name schools, its table of names."""
    if not municipality:
        return {}
    return {
        profile.at: found
        for profile in profiles
        if profile.words is not None and profile.filled and _may_be_schools(profile)
        if (found := named_schools(profile, facts, municipality))
    }
