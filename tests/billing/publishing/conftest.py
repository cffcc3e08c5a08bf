"""The Node and its GPD answer in this process, on their own host; Bari keeps its positions there."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from integrations.models import Connector
from integrations.pagopa import rest
from integrations.pagopa.models import CreditorInstitution
from integrations.pagopa.rest import Reply
from integrations.pagopa.simulated import node_host
from sportello.billing.debts.models import PaymentOption
from tenants.current import in_schema
from tenants.models import Municipality
from tests.factories import family
from tests.factories.charging import service_of
from tests.factories.paying import charge, institution
from tests.factories.people import Family
from tests.pagopa.standing_in import StandIn, standing_in


class Wire:
    """What was asked over it; `lost` answers are done there and never arrive, `down` ones are not even done."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.lost = 0
        self.down = False
        self.before: Any = None

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], seconds: int) -> Reply:
        place = urlsplit(url)
        self.asked.append((method, place.path))
        if self.before is not None:
            self.before()
        if self.down:
            return Reply(503, "", b"")
        with in_schema("public"):
            answer: Any = Client(headers={**headers, "host": node_host()}).generic(
                method,
                f"{place.path}?{place.query}",
                body or b"",
                content_type=headers.get("Content-Type", "application/octet-stream"),
            )
        if self.lost:
            self.lost -= 1
            return Reply(503, "", b"")
        return Reply(answer.status_code, answer.headers.get("Location", ""), answer.content)

    def verbs(self) -> list[str]:
        """The calls so far, by method and last step."""
        return [f"{method} {path.rsplit('/', 1)[-1]}" for method, path in self.asked]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with standing_in() as desk:
        yield desk


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    pytest.importorskip("integrations.pagopa.simulator.urls", reason="the simulated Node is not part of this checkout")
    made = Wire()
    monkeypatch.setattr(rest, "_sent", made)
    return made


@pytest.fixture
def creditor(bari: Municipality) -> CreditorInstitution:
    """Bari at GPD."""
    made = institution(bari, adapter="gpd")
    Connector.objects.create(kind="pagopa", adapter="simulator_gpd", settings={}, enabled=True)
    return made


@pytest.fixture
def home(creditor: CreditorInstitution) -> Family:
    service_of("mensa", "meals")
    service_of("trasporto")
    made = family(children=2)
    charge(made.children[0], 1500)
    charge(made.children[1], 700, service="trasporto")
    return made


def pay(option: PaymentOption) -> str:
    """Somebody pays the notice, at the Node; the id of the receipt."""
    from integrations.pagopa.simulator import paying

    code = option.transfers.all()[0].fiscal_code
    with in_schema("public"):
        paid = paying.pay(option.notice_number, code, station_url="")
    assert paid.is_paid, paid.words
    return paid.receipt_id


def there(option: PaymentOption, product: str = "gpd") -> Any:
    """The option as the gateway holds it; None where it does not."""
    from integrations.pagopa.simulator.models import Option

    with in_schema("public"):
        return Option.objects.filter(product=product, nav=option.notice_number).select_related("position").first()
