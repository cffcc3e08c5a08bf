"""Our station as the Node sees it: a SOAP client by zeep on a contract of its own. Each answer is checked first."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from lxml import etree
from zeep import Client, Transport
from zeep.helpers import serialize_object
from zeep.settings import Settings
from zeep.wsdl import Document

import integrations.pagopa.simulator.fence  # noqa: F401  # refuses to load in production
from integrations.pagopa.simulator.contracts import CONTRACT, BadAnswer, Question, checked
from integrations.pagopa.simulator.euro import cents_of, written
from integrations.pagopa.simulator.wire import PATIENCE, NoAnswer, Reply, Wire

BINDING: Final = "{urn:sportello-scuola:node}StationOverHttp"
type Spoil = Callable[[bytes], bytes]


class Refused(Exception):
    """The station said KO, in the right way."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code, self.words = code, words


@dataclass(frozen=True, slots=True)
class Called:
    """Who is called: the creditor, through which broker and station."""

    fiscal_code: str
    broker_code: str
    station_code: str

    def as_told(self) -> dict[str, str]:
        """The head of every request."""
        return {"idPA": self.fiscal_code, "idBrokerPA": self.broker_code, "idStation": self.station_code}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a verified notice says."""

    amount_cents: int
    due_on: date | None
    description: str
    company_name: str


@dataclass(slots=True)
class Exchange:
    """One call and what came of it, for the list of what happened."""

    operation: str
    outcome: str = ""
    request: bytes = b""
    answer: bytes = b""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """How calls go out: the address, the wire, the patience, and who writes down what happened."""

    address: str
    wire: Wire
    note: Callable[[Exchange], None]
    seconds: float = PATIENCE


class Station:
    """The five calls of P16. Each raises Refused, BadAnswer or NoAnswer."""

    def __init__(self, line: Line, called: Called) -> None:
        self._line, self._called = line, called

    def verify(self, nav: str) -> Offer:
        """May this notice be paid, and how much is it?"""
        answer = self._call("paVerifyPaymentNotice", qrCode=self._notice(nav))
        option = answer["paymentList"]["paymentOptionDescription"]
        return Offer(cents_of(option["amount"]), option["dueDate"], answer["paymentDescription"], answer["companyName"])

    def get(
        self, nav: str, *, amount_cents: int, note: str = "", version: int = 2, lost: bool = False
    ) -> dict[str, Any]:
        """The payment: whose it is, and where the money goes. Its parts are named as in the contract, as texts."""
        told: dict[str, Any] = {"qrCode": self._notice(nav), "amount": written(amount_cents)}
        if note:
            told["paymentNote"] = note
        answer = self._call("paGetPaymentV2" if version == 2 else "paGetPayment", lost=lost, **told)
        data: dict[str, Any] = plain(answer["data"])
        return data

    def send(
        self, receipt: Mapping[str, Any], *, version: int = 2, spoil: Spoil | None = None, lost: bool = False
    ) -> None:
        """The receipt. `lost`: the station answers, but the Node does not get to read it."""
        self._call("paSendRTV2" if version == 2 else "paSendRT", spoil=spoil, lost=lost, receipt=receipt)

    def _notice(self, nav: str) -> dict[str, str]:
        return {"fiscalCode": self._called.fiscal_code, "noticeNumber": nav}

    def _call(self, operation: str, *, spoil: Spoil | None = None, lost: bool = False, **told: Any) -> dict[str, Any]:
        seen = Exchange(operation)
        began = time.perf_counter()
        about = Question(operation, self._called.fiscal_code, told.get("qrCode", {}).get("noticeNumber", ""))
        transport = _Transport(self._line, seen, about, spoil=spoil, lost=lost)
        service = _service(Client(_document(), transport=transport), self._line.address)
        try:
            answer = serialize_object(getattr(service, operation)(**self._called.as_told(), **told), dict)
            seen.outcome = str(answer["outcome"])
            if answer["outcome"] == "KO":
                fault = answer["fault"]
                seen.outcome = str(fault["faultCode"])
                raise Refused(fault["faultCode"], fault["description"] or fault["faultString"])
        except (BadAnswer, NoAnswer) as error:
            seen.outcome = f"{type(error).__name__}: {error}"
            raise
        finally:
            seen.milliseconds = round((time.perf_counter() - began) * 1000)
            self._line.note(seen)
        return dict(answer)


def message_of(called: Called, receipt: Mapping[str, Any], *, version: int = 2) -> bytes:
    """The receipt as the element that would be sent, without its envelope: as GPD archives it."""
    client = Client(_document())
    told = {**called.as_told(), "receipt": receipt}
    envelope = client.create_message(_service(client, ""), "paSendRTV2" if version == 2 else "paSendRT", **told)
    return etree.tostring(envelope[0][0], xml_declaration=True, encoding="UTF-8")


def _service(client: Any, address: str) -> Any:
    return client.create_service(BINDING, address)


class _Transport(Transport):
    """Hands zeep's messages to the wire, and lets an answer through only when it keeps the contract."""

    def __init__(self, line: Line, seen: Exchange, about: Question, *, spoil: Spoil | None, lost: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # zeep says that it is typed, and is so in part
        self._line, self._seen, self._about = line, seen, about
        self._spoil, self._lost = spoil, lost

    def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> "_Answer":
        """One call. Raises BadAnswer, NoAnswer."""
        body = self._spoil(message) if self._spoil else message
        self._seen.request = body
        reply = self._line.wire(address, body, dict(headers), self._line.seconds)
        if self._lost:
            raise NoAnswer("the answer was lost on the way")
        self._seen.answer = reply.body
        if reply.status >= 500:
            raise NoAnswer(f"HTTP {reply.status}")
        checked(self._about, reply)
        return _Answer(reply)


@dataclass(slots=True)
class _Answer:
    """A reply in the shape that zeep reads."""

    reply: Reply
    encoding: str = "utf-8"
    status_code: int = field(init=False)
    content: bytes = field(init=False)
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.status_code, self.content = self.reply.status, self.reply.body
        self.headers = {"Content-Type": self.reply.content_type}


def plain(value: Any) -> Any:
    """What zeep has read, as texts, lists and dicts that JSON keeps and zeep writes again; absent parts left out."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return written(cents_of(value))
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.decode() if isinstance(value, bytes) else value


@lru_cache(maxsize=1)
def _document() -> Any:
    transport: Any = Transport()  # zeep's own hint asks for the class, its code for one of it
    return Document(str(CONTRACT / "station.wsdl"), transport, settings=Settings(strict=True))
