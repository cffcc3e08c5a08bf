"""Reading XML from outside: bounded, without DTD, without network; values by their type in the schema."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from lxml import etree

from integrations.inps_isee.errors import AnswerUnreadable

BIGGEST: Final = 2 * 1024 * 1024
RICHEST: Final = 10_000_000_000_00  # cents: beyond it is a misprint
_DATE: Final = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DECIMAL: Final = re.compile(r"\+?(\d{1,13}(\.\d{0,2})?|\.\d{1,2})", re.ASCII)


def document(content: bytes) -> Any:  # Any: the stubs of lxml do not describe find with namespaces
    """The root of a document. Raises AnswerUnreadable for what is too big, not XML, or brings a DTD."""
    if not content or len(content) > BIGGEST:
        raise AnswerUnreadable
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise AnswerUnreadable from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise AnswerUnreadable
    return root


def required(element: Any, name: str) -> str:
    """An attribute that must be there. Raises AnswerUnreadable."""
    value = None if element is None else element.get(name)
    if value is None:
        raise AnswerUnreadable
    return str(value).strip()


def day(text: str) -> date:
    """An xs:date; its time zone, if any, does not move the day. Raises AnswerUnreadable."""
    found = _DATE.fullmatch(text.strip())
    try:
        return date.fromisoformat(found.group(1) if found else "")
    except ValueError as error:
        raise AnswerUnreadable from error


def cents(text: str) -> int:
    """An amount that is never negative, with at most two decimals, in cents. Raises AnswerUnreadable."""
    if not _DECIMAL.fullmatch(text.strip()):
        raise AnswerUnreadable
    value = int(Decimal(text.strip()) * 100)
    if value > RICHEST:
        raise AnswerUnreadable
    return value
