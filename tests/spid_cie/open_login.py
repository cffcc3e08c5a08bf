"""A login that has really begun at Bari's desk, and the answers that somebody may send to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from integrations.spid_cie.addresses import consumer_url, entity_id
from integrations.spid_cie.answering import Handover, receive_answer
from integrations.spid_cie.errors import LoginFailed
from integrations.spid_cie.models import LoginTransaction, SamlExchange
from integrations.spid_cie.simulator import answers
from integrations.spid_cie.simulator.federation import pair_of
from sportello.kernel import clock
from tenants.current import PUBLIC, in_schema
from tests.comuni import HostClient
from tests.factories import fiscal_code
from tests.spid_cie.browser import Login, signed_in
from tests.spid_cie.crafting import PERSON, Spoil


@dataclass
class OpenLogin:
    """A browser that has left for the provider, and the row that waits for its answer."""

    browser: Login
    row: LoginTransaction
    code: str

    @classmethod
    def begin(cls, desk: HostClient, *, scheme: str = "spid", next_path: str = "") -> "OpenLogin":
        """Leaves the desk."""
        browser = Login(desk, scheme)
        number = browser.begin(next_path)["RelayState"]
        rows = LoginTransaction.objects.select_related("entity__municipality", "provider")
        with in_schema(PUBLIC):
            return cls(browser, rows.get(number=number), fiscal_code())

    def answer(self, now: datetime | None = None) -> answers.Answer:
        """What the provider would say of the person."""
        return answers.Answer(
            issuer=self.row.provider.entity_id,
            audience=entity_id(self.row.entity),
            consumer_url=consumer_url(),
            request_id=self.row.request_id,
            level=2,
            attributes={**PERSON, "fiscalNumber": f"TINIT-{self.code}"},
            name_id=f"_{self.row.number}",
            now=now or clock.instant(),
        )

    def signed(self, spoil: Spoil | None = None, *, now: datetime | None = None, **how: bool) -> bytes:
        """The provider's answer, spoilt before it was signed."""
        root = answers.success(self.answer(now))
        if spoil is not None:
            spoil(root)
        return answers.sign(root, pair_of(self.row.provider.scheme), **how)

    def error(self, code: int, *, signed: bool) -> bytes:
        """The provider's "no"."""
        return answers.sign(answers.error(self.answer(), code), pair_of("spid"), response=signed)

    def other_person(self) -> answers.Answer:
        """What a thief would like the provider to say."""
        stolen = {**PERSON, "fiscalNumber": "TINIT-RSSMRA80A01F205X"}
        return replace(self.answer(), attributes=stolen, name_id="_thief")

    def comes_in(self) -> bool:
        """Whether the true answer still logs the person in, whatever was sent before."""
        self.browser.finish(self.send(self.signed()))
        return signed_in(self.browser.desk)

    def outcomes(self) -> list[str]:
        """What the SAML log holds of this login, in the order it happened."""
        with in_schema(PUBLIC):
            found = SamlExchange.objects.filter(number=self.row.number).order_by("id")
            return list(found.values_list("outcome", flat=True))

    @staticmethod
    def send(message: bytes, relay_state: str = "x") -> Any:
        """To the central host, as a browser does."""
        return Login.send({"SAMLResponse": answers.encoded(message), "RelayState": relay_state})


def received(message: bytes, *, now: datetime | None = None) -> Handover:
    """To the central host, without HTTP."""
    with in_schema(PUBLIC):
        return receive_answer(answers.encoded(message), now=now or clock.instant())


def refusal(message: bytes, *, now: datetime | None = None) -> str:
    """The reason for which it is refused; `accepted` otherwise."""
    try:
        received(message, now=now)
    except LoginFailed as error:
        return error.reason
    return "accepted"
