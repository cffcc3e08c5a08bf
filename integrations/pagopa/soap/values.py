"""The simple types of the contract: each reads a text as the official schema would take it, or raises Unfit.

Strings keep their spaces; numbers, dates and booleans lose those around them, as XML Schema says.
"""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from integrations.pagopa.amounts import LARGEST
from integrations.pagopa.amounts import cents_of as plain_cents
from integrations.pagopa.soap.errors import Beyond, Unfit
from sportello.kernel.clock import ROME

_SPACES: Final = " \t\n\r"
_ZONE: Final = r"(?P<zone>Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_DAY: Final = r"(?P<day>-?(?:[1-9]\d{4,}|\d{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))"
_DATE: Final = re.compile(_DAY + _ZONE, re.ASCII)
_TIME: Final = re.compile(
    _DAY + r"T(?P<time>(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d|24:00:00)(?P<part>\.\d+)?" + _ZONE, re.ASCII
)
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=]*", re.ASCII)
_INT: Final = re.compile(r"[+-]?0*(\d{1,10})", re.ASCII)
_EMAIL: Final = r"[a-zA-Z0-9_.+\-]+@[a-zA-Z0-9\-]+(\.[a-zA-Z0-9\-]+)*"

type Text = Callable[[str], str]


def text(longest: int | None = None, shortest: int = 1) -> Text:
    """A string of so many characters."""

    def read(raw: str) -> str:
        if len(raw) < shortest or (longest is not None and len(raw) > longest):
            raise Unfit("the text is too long or too short")
        return raw

    return read


def matching(pattern: str, longest: int | None = None) -> Text:
    """A string of a given shape."""
    shape = re.compile(pattern, re.ASCII)

    def read(raw: str) -> str:
        if not shape.fullmatch(raw) or (longest is not None and len(raw) > longest):
            raise Unfit("the text has not the right shape")
        return raw

    return read


def one_of(*words: str) -> Text:
    """One of a few words."""

    def read(raw: str) -> str:
        if raw not in words:
            raise Unfit("the word is not in the list")
        return raw

    return read


any_text: Final = text(shortest=0)
text16: Final = text(16)
text20: Final = text(20)
text35: Final = text(35)
text70: Final = text(70)
text140: Final = text(140)
text210: Final = text(210)
person_code: Final = text(16, shortest=2)
fiscal_code: Final = matching(r"[0-9]{11}")
notice_number: Final = matching(r"[0-9]{18}")
country: Final = matching(r"[A-Z]{2}")
email: Final = matching(_EMAIL, longest=256)
outcome: Final = one_of("OK", "KO")
person_kind: Final = one_of("F", "G")
transfer_type: Final = one_of("POSTAL", "PAGOPA")
option_kind: Final = one_of("EQ", "LS", "GT", "ANY")


def receipt_id(raw: str) -> str:
    """Any string for the schema; for us it must tell one receipt from another, as long as the `iur` of a flow."""
    if not raw.strip() or len(raw) > 35:
        raise Beyond("the receipt has no usable identifier")
    return raw


def cents(raw: str) -> int:
    """An amount from 0.00, in cents."""
    try:
        found = plain_cents(raw.strip(_SPACES))
    except ValueError as error:
        raise Unfit("not an amount with two decimals") from error
    if found > LARGEST:
        raise Unfit("the amount is too large")
    return found


def cents_not_zero(raw: str) -> int:
    """An amount from 0.01, in cents."""
    found = cents(raw)
    if found == 0:
        raise Unfit("the amount is zero")
    return found


def transfer_number(raw: str) -> int:
    """1 to 5."""
    stripped = raw.strip(_SPACES)
    found = _INT.fullmatch(stripped)
    if found is None or stripped.startswith("-") or not 1 <= int(found.group(1)) <= 5:
        raise Unfit("transfers are numbered from 1 to 5")
    return int(found.group(1))


def boolean(raw: str) -> bool:
    """true, false, 1, 0."""
    found = {"true": True, "1": True, "false": False, "0": False}.get(raw.strip(_SPACES))
    if found is None:
        raise Unfit("neither true nor false")
    return found


def day(raw: str) -> date:
    """A date; its zone, if any, does not move the day."""
    found = _DATE.fullmatch(raw.strip(_SPACES))
    if found is None:
        raise Unfit("not a date")
    return _day(found["day"])


def moment(raw: str) -> datetime:
    """An instant; without a zone it is Italian time, as the node writes it."""
    found = _TIME.fullmatch(raw.strip(_SPACES))
    if found is None or (found["time"] == "24:00:00" and (found["part"] or "").strip(".0")):
        raise Unfit("not a date with a time")
    on = _day(found["day"])
    midnight = found["time"] == "24:00:00"
    at = time() if midnight else time.fromisoformat(found["time"] + (found["part"] or "")[:7])
    try:
        return datetime.combine(on + timedelta(days=1) if midnight else on, at, tzinfo=_zone(found["zone"]))
    except OverflowError as error:
        raise Beyond("the date is too far away") from error


def base64_text(raw: str) -> str:
    """Base64 without its spaces."""
    packed = "".join(raw.split())
    if not _BASE64.fullmatch(packed):
        raise Unfit("not base64")
    try:
        base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unfit("not base64") from error
    return packed


def _day(raw: str) -> date:
    if len(raw) != 10:  # years before Christ and beyond 9999 are dates to the schema, not to us
        raise Beyond("the year cannot be")
    try:
        return date.fromisoformat(raw)
    except ValueError as error:
        raise Unfit("the day does not exist") from error


def _zone(raw: str | None) -> tzinfo:
    if not raw:
        return ROME
    if raw == "Z":
        return UTC
    hours, minutes = raw[1:].split(":")
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-shift if raw[0] == "-" else shift)
