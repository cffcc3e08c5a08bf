"""Sentences kept in Italian, as the entries of the ledger are, said again to who reads another language."""

import re
from typing import Final

from django.utils.translation import gettext

_PLACE: Final = re.compile(r"%\((\w+)\)s")
_SHAPES: Final = {
    "n": r"\d+",
    "year": r"\d{4}",
    "month": r"\w+ \d{4}",
    "school_year": r"\d{4}/\d{2}",
    "day": r"\d{2}/\d{2}/\d{4}",
    "part": r"[a-z][a-z0-9_]{0,39}",
    "fee": r"(?:Quota|Rata) .{5,80}?",
}
"""What may stand in a place: what a person wrote must not look like ours."""
_kept: dict[str, re.Pattern[str]] = {}


def remember(*templates: str) -> None:
    """Templates with places whose finished Italian sentences are stored: `retold` will know them again.

    Raises KeyError for a place without a shape.
    """
    for template in templates:
        words = _PLACE.split(template)
        shape = "".join(
            f"(?P<{word}>{_SHAPES[word]})" if number % 2 else re.escape(word) for number, word in enumerate(words)
        )
        _kept[template] = re.compile(shape)


def retold(sentence: str) -> str:
    """The sentence in the language of the page; what a person wrote, and what nobody remembers, stays as it is.

    >>> retold("Scritto da una persona")
    'Scritto da una persona'
    """
    whole = gettext(sentence)
    if whole != sentence:
        return whole
    for template, shape in _kept.items():
        if found := shape.fullmatch(sentence):
            return gettext(template) % {name: retold(value) for name, value in found.groupdict().items()}
    return sentence
