"""An ISEE band written in one cell, as acts write it: «fino a 5.000», «da 5.000,01 a 7.500», «oltre 15.000»."""

import re
from dataclasses import dataclass

from sportello.kernel.money import InvalidAmount, Money

_AMOUNT = r"(?:€\s*)?(?P<{name}>\d[\d.,]*)\s*(?:€|euro)?"
_START, _END = _AMOUNT.format(name="start"), _AMOUNT.format(name="end")
_HEAD = r"(?:(?:fascia\s+)?isee\s+)?"
_INCLUDED = r"(?:\s*\(?(?:compres[oi]|inclus[oi])\)?)?"
_CENT = Money(1)


@dataclass(frozen=True, slots=True)
class Interval:
    """Both bounds inclusive, to the cent; None where the text says none: no upper bound, a lower one left out."""

    start: Money | None
    end: Money | None


_BOTH = re.compile(
    rf"{_HEAD}(?:da|dal|tra|fra|from)?\s*{_START}"
    rf"\s*(?:a|al|ad|e|to|fino a|fino ad|[-\u2013\u2014])\s*{_END}{_INCLUDED}",
    re.IGNORECASE,
)
_UP_TO = re.compile(rf"{_HEAD}(?:fino ad?|sino ad?|non superiore ad?|up to|≤|<=)\s*{_END}{_INCLUDED}", re.IGNORECASE)
_BELOW = re.compile(rf"{_HEAD}(?:inferiore ad?|meno di|minore di|sotto i?|below|<)\s*{_END}", re.IGNORECASE)
_ABOVE = re.compile(
    rf"{_HEAD}(?:oltre(?: i| gli)?|superiore ad?|maggiore di|più di|piu di|sopra i?|over|>)\s*{_START}", re.IGNORECASE
)
_ON = re.compile(
    rf"{_HEAD}(?:(?:da|dal|a partire da|from)\s*)?{_START}\s*(?:ed? oltre|in poi|in su|e più|e piu|and more|\+)"
    rf"|{_HEAD}(?:a partire da|≥|>=)\s*(?:€\s*)?(?P<also>\d[\d.,]*)\s*(?:€|euro)?",
    re.IGNORECASE,
)


def interval_of(text: str) -> Interval | None:
    """The band that a cell says; None when it is a plain amount or something else.

    >>> interval_of("da 5.000,01 a 7.500")
    Interval(start=Money(cents=500001), end=Money(cents=750000))
    >>> interval_of("oltre € 15.000,00"), interval_of("12,50")
    (Interval(start=Money(cents=1500001), end=None), None)
    """
    said = " ".join(text.split()).strip(" .;")
    try:
        return _read(said)
    except InvalidAmount:
        return None


def _read(said: str) -> Interval | None:
    if found := _BOTH.fullmatch(said):
        return Interval(_money(found["start"]), _money(found["end"]))
    if found := _UP_TO.fullmatch(said):
        return Interval(None, _money(found["end"]))
    if found := _BELOW.fullmatch(said):
        return Interval(None, _money(found["end"]) - _CENT)
    if found := _ABOVE.fullmatch(said):
        return Interval(_money(found["start"]) + _CENT, None)
    if found := _ON.fullmatch(said):
        return Interval(_money(found["start"] or found["also"]), None)
    return None


def _money(text: str) -> Money:
    return Money.from_decimal_string(text.rstrip(".,"))
