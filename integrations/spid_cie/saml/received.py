"""An answer as it came, beside what it must say. What the checks read."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import Any, Final

from lxml import etree

from integrations.spid_cie.saml.names import LEVELS, NAMES

SKEW: Final = timedelta(seconds=60)
"""How far a provider's clock may be from ours (S8)."""
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
WHOLE_TEXT: Final = etree.XPath("string()")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Expected:
    """What was asked, of whom, and when; `now` is the instant of the check."""

    request_id: str
    begun_at: datetime
    consumer_url: str
    entity_id: str
    provider: str
    is_cie: bool
    level: int
    now: datetime


@dataclass(frozen=True)
class Received:
    """The parsed answer. Elements that may be missing are None; those that may be many are lists."""

    response: Any  # an lxml element: the stubs of lxml do not describe xpath
    expected: Expected

    @cached_property
    def assertions(self) -> list[Any]:
        """Every assertion, wherever it stands."""
        return self.found(self.response, "//saml:Assertion | //saml:EncryptedAssertion")

    @cached_property
    def assertion(self) -> Any:
        """The first one that is a child of the answer."""
        return self.first(self.response, "saml:Assertion")

    @cached_property
    def name_id(self) -> Any:
        return self.first(self.assertion, "saml:Subject/saml:NameID")

    @cached_property
    def confirmation(self) -> Any:
        return self.first(self.assertion, "saml:Subject/saml:SubjectConfirmation")

    @cached_property
    def confirmation_data(self) -> Any:
        return self.first(self.confirmation, "saml:SubjectConfirmationData")

    @cached_property
    def conditions(self) -> Any:
        return self.first(self.assertion, "saml:Conditions")

    @cached_property
    def audiences(self) -> list[Any]:
        return self.found(self.conditions, "saml:AudienceRestriction/saml:Audience")

    @cached_property
    def statements(self) -> list[Any]:
        return self.found(self.assertion, "saml:AuthnStatement")

    @cached_property
    def levels(self) -> list[Any]:
        return self.found(self.assertion, "saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef")

    @cached_property
    def level(self) -> int:
        """How strongly she was authenticated; 0 for what is no level of the federation."""
        return LEVELS.get(text_of(next(iter(self.levels), None)), 0)

    @cached_property
    def signatures(self) -> list[Any]:
        """Every signature, wherever it stands."""
        return self.found(self.response, "//ds:Signature")

    @cached_property
    def attributes(self) -> list[Any]:
        return self.found(self.assertion, "saml:AttributeStatement/saml:Attribute")

    @staticmethod
    def found(element: Any, path: str) -> list[Any]:
        """What stands at a path below an element; nothing below None."""
        found: Any = [] if element is None else _compiled(path)(element)
        return list(found)

    @classmethod
    def first(cls, element: Any, path: str) -> Any:
        """The first one at a path, or None."""
        return next(iter(cls.found(element, path)), None)


def text_of(element: Any) -> str:
    """The whole text of an element without its ends; comments cut nothing off."""
    if element is None:
        return ""
    return str(element.text or "" if len(element) == 0 else WHOLE_TEXT(element)).strip()


@cache
def _compiled(path: str) -> etree.XPath:
    """The paths are our own and few: compiling one anew costs more than following it."""
    return etree.XPath(path, namespaces=NAMES)


def instant(words: str | None) -> datetime | None:
    """A point in time in UTC as SPID writes it; None for anything else, impossible dates included."""
    if words is None or INSTANT.fullmatch(words) is None:
        return None
    try:
        read = datetime.strptime(words[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
        return read + timedelta(seconds=float(words[19:-1] or 0))
    except (ValueError, OverflowError):
        return None


def day(words: str) -> date | None:
    """A date as SPID writes it; None for anything else."""
    try:
        return date.fromisoformat(words) if DAY.fullmatch(words) else None
    except ValueError:
        return None
