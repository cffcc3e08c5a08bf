"""Amounts, to the cent: with decimal comma or point, grouped or not, in cents, in thousandths of a euro."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from onboarding.mapping.structs import Decimal, Thousands, Unit

LARGEST_CENTS: Final = 100_000_000_00
_SIGNS: Final = re.compile(r"[\s\u00a0\u202f]|€|EURO?\b|\bEUR", re.IGNORECASE)
_SHAPES: Final = (
    re.compile(r"(\d+)(?:[.,](\d{1,2}))?"),
    re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d{1,2})"),
    re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d{1,2})"),
    re.compile(r"(\d{1,3}(?:['\u2019]\d{3})+)[.,](\d{1,2})"),
    re.compile(r"(\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,})()"),
)
_NOT_DIGITS: Final = re.compile(r"\D")
_GROUPED: Final = {
    " ": r"-?\d{1,3}(?:[ \u00a0\u202f]\d{3})*",
    "'": r"-?\d{1,3}(?:['\u2019]\d{3})*",
    ".": r"-?\d{1,3}(?:\.\d{3})*",
    ",": r"-?\d{1,3}(?:,\d{3})*",
    "": r"-?\d{1,3}(?:[.,]?\d{3})*|-?\d+",
}
_INTEGER: Final = re.compile(r"([-+]?)(\d+)([-+]?)")


class Amount(NamedTuple):
    """`cents` None = not readable with certainty; `text` as records have it; `as_usual` = in the column's own form."""

    cents: int | None
    text: str | None
    as_usual: bool


UNREADABLE: Final = Amount(None, None, as_usual=False)


@lru_cache(maxsize=16384)
def read_amount(written: str, unit: Unit = "euro", decimal: Decimal = "", thousands: Thousands = "") -> Amount:
    """One number is read in one way or not at all: "1.234" may be thousands or a lost zero, and is not read.

    A column whose `decimal` is not known has no usual form: every form is as good as the others.

    >>> read_amount("1.234,50").text, read_amount("€ 12,5").text, read_amount("1.234").text
    ('1234.50', '12.50', None)
    >>> read_amount("(12,30)").text, read_amount("12,30-").text, read_amount("(-12,30)").text
    ('-12.30', '-12.30', None)
    >>> read_amount("12300", "thousandths").text, read_amount("12300", "cents").text
    ('12.30', '123.00')
    """
    if unit != "euro":
        return _of_integer(written, unit)
    within = written.startswith("(") and written.endswith(")")
    cents = _cents(_SIGNS.sub("", f"-{written[1:-1]}" if within else written))
    if cents is None or abs(cents) > LARGEST_CENTS:
        return UNREADABLE
    return Amount(cents, euro(cents), not decimal or _usual(decimal, thousands).fullmatch(written) is not None)


def euro(cents: int) -> str:
    """Cents as records write them.

    >>> euro(-5), euro(1230)
    ('-0.05', '12.30')
    """
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def cents_of(record_text: str) -> int:
    """The cents of an amount of a record."""
    return int(record_text.replace(".", ""))


@lru_cache
def _usual(decimal: str, thousands: str) -> re.Pattern[str]:
    return re.compile(f"(?:{_GROUPED[thousands]}){re.escape(decimal)}\\d{{2}}")


def _cents(plain: str) -> int | None:
    negative = plain.startswith("-") != plain.endswith("-")
    plain = plain.strip("-") if negative else plain.removeprefix("+")
    for shape in _SHAPES:
        match = shape.fullmatch(plain)
        if match is not None and plain.isascii():
            cents = int(_NOT_DIGITS.sub("", match[1])) * 100 + int((match[2] or "0").ljust(2, "0"))
            return -cents if negative else cents
    return None


def _of_integer(written: str, unit: Unit) -> Amount:
    match = _INTEGER.fullmatch(written.strip())
    if match is None or not written.isascii() or (match[1] and match[3]):
        return UNREADABLE
    number = -int(match[2]) if "-" in (match[1], match[3]) else int(match[2])
    if unit == "cents":
        return Amount(number, euro(number), as_usual=True)
    return Amount(number // 10, euro(number // 10), as_usual=True) if number % 10 == 0 else UNREADABLE
