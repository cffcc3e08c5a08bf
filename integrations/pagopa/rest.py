"""One way to call the REST services of pagoPA: key in the header, no redirects followed, JSON in and out, bounded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from integrations.addresses import check_address
from integrations.errors import AccessDenied, AnswerUnreadable, Unreachable
from integrations.pagopa.errors import Refused
from integrations.registry import Secret

BIGGEST: Final = 8 * 1024 * 1024  # a page of 1,000 payments of a flow has about 200 kB
KEY_HEADER: Final = "Ocp-Apim-Subscription-Key"
_LATER: Final = frozenset({408, 425, 429})


class Problem(msgspec.Struct):
    """problem+json, or what comes near it."""

    title: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came over the wire."""

    status: int
    location: str
    body: bytes = field(repr=False)


class Service:
    """A service at an address, with the key that opens it (P5). `trusted`: the address is the installation's own."""

    def __init__(self, base: str, key: Secret, *, seconds: int, trusted: bool = False) -> None:
        self.base = base.rstrip("/")
        self._key = key
        self._seconds = seconds
        self._trusted = trusted

    def get[T](self, kind: type[T], *steps: str, **query: object) -> T | None:
        """What is there, as the struct; None for 404. Raises ConnectorError."""
        reply = self.ask("GET", *steps, **query)
        return None if reply.status == 404 else read(reply.body, kind)

    def ask(self, method: str, *steps: str, body: object = None, **query: object) -> Reply:
        """One request. A 404 and a 302 come back as they are; other refusals are raised.

        Raises AccessDenied, Unreachable, Refused, AddressRefused, SecretMissing.
        """
        path = "".join(f"/{quote(step, safe='')}" for step in steps)
        asked = {name: _plain(value) for name, value in query.items() if value is not None}
        url = f"{self.base}{path}{'?' + urlencode(asked) if asked else ''}"
        if not self._trusted:
            check_address(url)
        headers = {KEY_HEADER: self._key(), "Accept": "application/json, application/xml, application/pdf"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        reply = _sent(method, url, None if body is None else msgspec.json.encode(body), headers, self._seconds)
        if reply.status < 300 or reply.status in {302, 404}:
            return reply
        raise _failure(reply)


def read[T](body: bytes, kind: type[T]) -> T:
    """JSON as a struct; amounts keep their decimals. Raises AnswerUnreadable."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as wrong:
        raise AnswerUnreadable from wrong


def sent(url: str, body: bytes, headers: Mapping[str, str], *, seconds: int, trusted: bool = False) -> Reply:
    """One POST to an address of the list, or to one of the installation's own (`trusted`), with headers of its own.

    Raises Unreachable, AddressRefused.
    """
    if not trusted:
        check_address(url)
    return _sent("POST", url, body, headers, seconds)


def _sent(method: str, url: str, body: bytes | None, headers: Mapping[str, str], seconds: int) -> Reply:
    place = urlsplit(url)
    host = place.hostname or ""
    # Below `.localhost` there is only this machine, whatever its resolver says.
    machine = "127.0.0.1" if host.endswith(".localhost") else host
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(machine, place.port, timeout=seconds)
    target = f"{place.path or '/'}{'?' + place.query if place.query else ''}"
    try:
        connection.request(method, target, body=body, headers={**headers, "Host": place.netloc})
        answer = connection.getresponse()
        content = answer.read(BIGGEST + 1)
    except (OSError, HTTPException) as wrong:
        raise Unreachable from wrong
    finally:
        connection.close()
    if len(content) > BIGGEST:
        raise AnswerUnreadable
    return Reply(answer.status, answer.getheader("Location", ""), content)


def _failure(reply: Reply) -> Exception:
    if reply.status in {401, 403}:
        return AccessDenied()
    if reply.status in _LATER or reply.status >= 500:
        return Unreachable()
    try:
        told = msgspec.json.decode(reply.body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        told = Problem()
    return Refused(reply.status, title=told.title[:200], detail=told.detail[:500])


def _plain(value: Any) -> str:  # Any: what a query may hold
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
