"""Every way to pagoPA, turned to a stand-in that speaks as its other end would: what one contract suite runs on."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from lxml import etree

from integrations.pagopa import simulated
from integrations.pagopa.mypay import MyPayGateway
from integrations.pagopa.platform_gateway import AcaGateway, GpdGateway, StationGateway
from integrations.pagopa.port import Gateway
from integrations.pagopa.settings import MyPaySettings, PlatformSettings, SimulatorSettings
from integrations.registry import Secret
from tests.pagopa.messages import FULL_RECEIPT
from tests.pagopa.standing_in import Asked, StandIn

type Answer = tuple[int, Any, dict[str, str]]
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"


def risposta(operation: str, inside: str) -> bytes:
    return (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<ns2:{operation}Risposta xmlns:ns2="http://www.regione.veneto.it/pagamenti/ente/">{inside}'
        f"</ns2:{operation}Risposta></soap:Body></soap:Envelope>"
    ).encode()


def ko(code: str, operation: str = "paaSILImportaDovuto") -> bytes:
    fault = (
        f"<fault><faultCode>{code}</faultCode><faultString>x</faultString><description>because</description></fault>"
    )
    return risposta(operation, f"{fault}<esito>KO</esito>")


def rest_amounts(asked: Asked) -> list[int]:
    return [one["amount"] for one in asked.json["paymentOption"]]


def soap_amounts(asked: Asked) -> list[int]:
    packed = etree.fromstring(asked.body).findtext(f"{SOAP}Body/*/dovuto")
    due = etree.fromstring(b64decode(packed or ""))
    text = due.findtext(".//{*}importoSingoloVersamento") or ""
    euro, cents = text.split(".")
    return [int(euro) * 100 + int(cents)]


@dataclass(frozen=True)
class Way:
    """How to reach an adapter, and how its other end says yes, exists already, and no."""

    make: Callable[[str, Secret], Gateway]
    yes: Answer
    exists: tuple[Answer, ...]  # then yes
    no: Answer
    amounts: Callable[[Asked], list[int]]
    polls: bool  # receipts are asked for
    soap: bool = False


def _rest(kind: type[GpdGateway], *, polls: bool) -> Way:
    return Way(
        make=lambda url, key: kind(PlatformSettings(base=url, seconds=2), key),
        yes=(200, {}, {}),
        exists=((409, {"title": "exists"}, {}),),
        no=(400, {"title": "Bad Request", "detail": "because"}, {}),
        amounts=rest_amounts,
        polls=polls,
    )


def _simulated(kind: Callable[[SimulatorSettings, Secret], Gateway], *, polls: bool) -> Way:
    return Way(
        make=lambda _url, key: kind(SimulatorSettings(seconds=2), key),
        yes=(200, {}, {}),
        exists=((409, {"title": "exists"}, {}),),
        no=(400, {"title": "Bad Request", "detail": "because"}, {}),
        amounts=rest_amounts,
        polls=polls,
    )


WAYS = {
    "station": _rest(StationGateway, polls=False),
    "gpd": _rest(GpdGateway, polls=True),
    "aca": _rest(AcaGateway, polls=True),
    "mypay": Way(
        make=lambda url, password: MyPayGateway(
            MyPaySettings(
                url=f"{url}/ws/fesp", institution_code="c_a662", kinds={"9/0107101TS/": "MENSA"}, base=url, seconds=2
            ),
            password,
        ),
        yes=(200, risposta("paaSILImportaDovuto", "<esito>OK</esito>"), {}),
        exists=((200, ko("PAA_IMPORT_DOVUTO_ESISTENTE"), {}),),
        no=(200, ko("PAA_SEMANTICA"), {}),
        amounts=soap_amounts,
        polls=True,
        soap=True,
    ),
    "simulator": _simulated(simulated.SimulatedGateway, polls=False),
    "simulator_gpd": _simulated(simulated.SimulatedGpdGateway, polls=True),
}
WAYS["simulator_mypay"] = replace(
    WAYS["mypay"], make=lambda _url, key: simulated.SimulatedMyPayGateway(SimulatorSettings(seconds=2), key)
)
PAID = risposta("paaSILChiediPagatiConRicevuta", f"<pagati/><rt>{b64encode(FULL_RECEIPT).decode()}</rt>")
NOT_PAID = ko("PAA_PAGAMENTO_NON_INIZIATO", "paaSILChiediPagatiConRicevuta")


@pytest.fixture(params=list(WAYS))
def way(request: pytest.FixtureRequest, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> Way:
    monkeypatch.setattr(simulated, "node_origin", lambda: stand_in.url)
    return WAYS[request.param]


@pytest.fixture
def gateway(way: Way, stand_in: StandIn) -> Gateway:
    return way.make(stand_in.url, lambda: "the-secret")
