"""MyPay, the Region's gateway (P46): SOAP with a base64 XML inside. Written from its facts; to be tried against the
owner's test system before a Comune uses it.

MyPay knows dues, not positions: each option is one, named by its notice number. Whether it is new there is not asked:
it is inserted, and when that is refused, modified. It knows no last day: what expires has to be annulled.
"""

from collections.abc import Container, Iterable, Iterator
from datetime import date, datetime
from typing import Final

from integrations.errors import AccessDenied, AnswerUnreadable, Unreachable
from integrations.named_secrets import secret
from integrations.pagopa import checkout
from integrations.pagopa.carts import Cart
from integrations.pagopa.checkout import Checkout
from integrations.pagopa.errors import NotOffered, PositionClosed, PositionUnknown, Refused
from integrations.pagopa.flows import Flow
from integrations.pagopa.mypay_messages import Action, Answer, due_document, envelope, read_answer, receipt_in
from integrations.pagopa.port import NOTHING_KNOWN, Fetched, Traits
from integrations.pagopa.position_checks import check_position
from integrations.pagopa.positions import Creditor, Position, PositionOption, Quote
from integrations.pagopa.rest import Service, sent
from integrations.pagopa.settings import MyPaySettings
from integrations.registry import Secret

IMPORT: Final = "paaSILImportaDovuto"
PAID: Final = "paaSILChiediPagatiConRicevuta"
NOT_THERE: Final = "PAA_IMPORT_DOVUTO_NON_PRESENTE"  # also of a due that was paid, or annulled before
EXISTS: Final = frozenset({"PAA_DOVUTO_DUPLICATO", "PAA_IMPORT_DOVUTO_ESISTENTE"})
NOT_PAID: Final = frozenset({"PAA_PAGAMENTO_NON_INIZIATO", "PAA_PAGAMENTO_IN_CORSO", "PAA_IUD_NON_VALIDO"})
DENIED: Final = frozenset({"PAA_ENTE_NON_VALIDO", "PAA_PASSWORD_NON_VALIDA"})


class MyPayGateway:
    """Dues go to the Region's gateway, which answers the payers; receipts are asked for one notice at a time."""

    traits = Traits(is_polled=True, knows_plans=False, expires=False)
    trusted = False

    def __init__(self, settings: MyPaySettings, password: Secret) -> None:
        self.settings = settings
        self._password = password

    def probe(self) -> None:
        """Asks about a due that cannot be: any answer but a refusal of who we are will do."""
        self._ask(PAID, {"identificativoUnivocoDovuto": "0"})

    def publish(self, creditor: Creditor, position: Position, *, today: date) -> None:
        """Each option as a due. Raises PositionUnfit, PositionClosed, Refused, ConnectorError."""
        check_position(position, today=today)
        documents = [self._document(creditor, position, option) for option in position.options]
        for insert, modify in documents:
            first = self._import(insert)
            if first.is_good or (second := self._import(modify)).is_good:
                continue
            if first.fault_code in EXISTS and second.fault_code == NOT_THERE:
                raise PositionClosed
            raise _refused(first)

    def annul(self, creditor: Creditor, position: Position) -> None:
        """Each option; one that is not there any more stays so. Raises Refused, ConnectorError."""
        for option in position.options:
            self._annul(creditor, position, option)

    def mark_paid(self, creditor: Creditor, position: Position, notice_number: str, *, at: datetime) -> None:  # noqa: ARG002 -- the port's
        """A due paid elsewhere is annulled here: nobody shall pay it twice. Raises PositionUnknown, Refused."""
        option = next((one for one in position.options if one.notice_number == notice_number), None)
        if option is None:
            raise PositionUnknown
        self._annul(creditor, position, option)

    def quote(self, creditor: Creditor, position: Position, notice_number: str) -> Quote | None:  # noqa: ARG002 -- the port's
        """MyPay tells open dues by person, not by notice."""
        raise NotOffered

    def receipts_since(
        self,
        creditor: Creditor,  # noqa: ARG002 -- the port's
        since: datetime,  # noqa: ARG002
        *,
        awaited: Iterable[str],
        known: Container[str] = NOTHING_KNOWN,  # noqa: ARG002
    ) -> Iterator[Fetched]:
        """Asks about each notice that is awaited."""
        for notice_number in awaited:
            found = self._receipt("identificativoUnivocoDovuto", notice_number)
            if found is not None:
                yield found

    def receipt(self, creditor: Creditor, iur: str, *, iuv: str = "") -> Fetched | None:  # noqa: ARG002 -- the port's
        """By the payment reference alone. Raises NotOffered without one."""
        if not iuv:
            raise NotOffered
        return self._receipt("identificativoUnivocoVersamento", iuv)

    def flows_since(self, creditor: Creditor, since: datetime) -> Iterator[Flow]:  # noqa: ARG002 -- the port's
        """MyPivot hands flows out as files: `flow_xml` reads one that was loaded by hand."""
        raise NotOffered

    def notice_pdf(self, creditor: Creditor, notice_number: str) -> bytes | None:  # noqa: ARG002 -- the port's
        """Ours is printed."""
        return None

    def open_cart(self, cart: Cart) -> str:
        """At pagoPA's Checkout, which takes any notice, where the Comune has a key for it. Raises NotOffered."""
        told = self.settings
        if not told.checkout_key:
            raise NotOffered
        url = f"{told.base.rstrip('/')}/{checkout.PATH}"
        return Checkout(Service(url, lambda: secret(told.checkout_key), seconds=told.seconds)).open_cart(cart)

    def _document(self, creditor: Creditor, position: Position, option: PositionOption) -> tuple[bytes, bytes]:
        insert = due_document(creditor, position, option, Action.INSERT, self.settings.kinds)
        return insert, due_document(creditor, position, option, Action.MODIFY, self.settings.kinds)

    def _annul(self, creditor: Creditor, position: Position, option: PositionOption) -> None:
        answer = self._import(due_document(creditor, position, option, Action.ANNUL, self.settings.kinds))
        if not answer.is_good and answer.fault_code != NOT_THERE:
            raise _refused(answer)

    def _import(self, document: bytes) -> Answer:
        return self._ask(IMPORT, {"dovuto": document, "flagGeneraIuv": "false"})

    def _receipt(self, by: str, number: str) -> Fetched | None:
        answer = self._ask(PAID, {by: number})
        if answer.fault_code in NOT_PAID or (answer.is_good and not answer.receipt):
            return None
        if not answer.is_good:
            raise _refused(answer)
        return Fetched(receipt_in(answer.receipt), answer.receipt)

    def _ask(self, operation: str, content: dict[str, str | bytes]) -> Answer:
        told = self.settings
        body = envelope(operation, content, institution=told.institution_code, password=self._password())
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation}"'}
        reply = sent(told.url, body, headers, seconds=told.seconds, trusted=self.trusted)
        if reply.status in {401, 403}:
            raise AccessDenied
        if reply.status == 429 or reply.status >= 500:
            raise Unreachable
        if reply.status != 200:
            raise AnswerUnreadable
        answer = read_answer(reply.body, operation)
        if answer.fault_code in DENIED:
            raise AccessDenied
        return answer


def _refused(answer: Answer) -> Refused:
    return Refused(200, title=answer.fault_code, detail=answer.description)
