"""Reasons and questions of a mapping, kept in Italian, said again in the language of the page."""

import re
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext

from onboarding.mapping.phrases import WITH_PLACES

_PLACE: Final = re.compile(r"%\((\w+)\)s")
_SHAPES: Final = {
    "count": r"\d[\d.]*",
    "all": r"\d[\d.]*",
    "what": r"[^;]+",
    "field": r"[^;:]+?",
    "kind": r"[^;:(]+",
    "clues": r"[^;:()]+",
    "column": r"\d+(?: \(«.*»\))?",
}
"""What may stand in each place of a phrase."""


def _shape(phrase: str) -> re.Pattern[str]:
    words = enumerate(_PLACE.split(phrase))
    return re.compile(
        "".join(f"(?P<{word}>{_SHAPES[word]})" if at % 2 else re.escape(word) for at, word in words), re.DOTALL
    )


_KNOWN: Final = {phrase: _shape(phrase) for phrase in WITH_PLACES}


def reason_retold(told: str) -> str:
    """A reason or a question in the language of the page; what a person wrote stays as it is.

    >>> reason_retold("lo dice il nome della colonna; scritto da me")
    'lo dice il nome della colonna; scritto da me'
    """
    whole = _phrase(told)
    return whole if whole != told else "; ".join(_phrase(part) for part in told.split("; "))


def _phrase(told: str) -> str:
    if not told:
        return told
    for phrase, shape in _KNOWN.items():
        if found := shape.fullmatch(told):
            return gettext(phrase) % {name: _filling(name, text) for name, text in found.groupdict().items()}
    return gettext(told)


def _filling(name: str, text: str) -> str:
    """What stands in a place: numbers in the habit of the language, a column by its own name."""
    if name in {"count", "all"} and (digits := text.replace(".", "")).isdecimal():
        return str(number_format(int(digits), decimal_pos=0, use_l10n=True, force_grouping=True))
    if name == "clues":
        return ", ".join(gettext(clue) for clue in text.split(", "))
    return text if name == "column" else gettext(text)
