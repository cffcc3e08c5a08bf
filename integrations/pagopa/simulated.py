"""The simulator of the Node behind the port: the same clients as the platform's, turned to its host.

Nothing of the simulator is imported: it is another program, which happens to run in the same process in the demo.
"""

from typing import Final

from django.conf import settings

from integrations.errors import RealSystemRefused
from integrations.pagopa import biz_events, checkout, fdr, gpd, gpd_receipts
from integrations.pagopa.backoffice import BackOffice
from integrations.pagopa.carts import Cart
from integrations.pagopa.mypay import MyPayGateway
from integrations.pagopa.platform_gateway import GpdGateway, Services, StationGateway
from integrations.pagopa.rest import Service
from integrations.pagopa.settings import MyPaySettings, PlatformSettings, SimulatorSettings
from integrations.pagopa.taxonomy import TABLE
from integrations.registry import Secret
from tenants.current import current_schema, in_twin

PATHS: Final = {
    "checkout": "checkout/ec/v2",
    **gpd.PATHS,
    "archive": gpd_receipts.PATH,
    "fdr": "fdr",
    "receipts": "biz-events",
    "backoffice": "backoffice",
    "mypay": "mypay",
}
KEY: Final = "simulated"


class SimulatedGateway(StationGateway):
    """Our station, with a Node that is invented. From a twin nothing goes out, not even there: the Node would pay the
    notices of the real Comune.
    """

    def __init__(self, chosen: SimulatorSettings, _secret: Secret) -> None:
        super().__init__(PlatformSettings(seconds=chosen.seconds), _key, services=_services(chosen, self.product))


class SimulatedGpdGateway(GpdGateway):
    """Positions at the GPD of the same Node: as a Comune works that has no station. Nor from a twin."""

    def __init__(self, chosen: SimulatorSettings, _secret: Secret) -> None:
        super().__init__(PlatformSettings(seconds=chosen.seconds), _key, services=_services(chosen, self.product))


class SimulatedMyPayGateway(MyPayGateway):
    """Dues at a MyPay on the same host, where the Comune has the name of its schema. Nor from a twin."""

    trusted = True

    def __init__(self, chosen: SimulatorSettings, _secret: Secret) -> None:
        if in_twin():
            raise RealSystemRefused
        kinds = {edition.code: edition.code for editions in TABLE.values() for edition in editions}
        url = f"{node_origin()}/{PATHS['mypay']}"
        super().__init__(MyPaySettings(url=url, institution_code=current_schema(), kinds=kinds), _key)
        self._seconds = chosen.seconds

    def open_cart(self, cart: Cart) -> str:
        """At the checkout of the same Node."""
        return checkout.Checkout(simulated("checkout", self._seconds), own_host=node_host()).open_cart(cart)


def _key() -> str:
    return KEY


def _services(chosen: SimulatorSettings, product: str) -> Services:
    if in_twin():
        raise RealSystemRefused
    return Services(
        positions=gpd.Positions(simulated(product, chosen.seconds)),
        flows=fdr.Flows(simulated("fdr", chosen.seconds)),
        receipts=biz_events.BizEvents(simulated("receipts", chosen.seconds)),
        checkout=checkout.Checkout(simulated("checkout", chosen.seconds), own_host=node_host()),
        archive=gpd_receipts.GpdReceipts(simulated("archive", chosen.seconds)) if product == "gpd" else None,
    )


def node_host() -> str:
    """The host of the simulator."""
    return str(getattr(settings, "NODE_HOST", f"nodo.{settings.BASE_HOST}"))


def node_origin() -> str:
    """Where it answers: http and a port in the demo alone."""
    scheme = "https" if settings.BEHIND_TLS else "http"
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT and not settings.BEHIND_TLS else ""
    return f"{scheme}://{node_host()}{port}"


def simulated(product: str, seconds: int = 10) -> Service:
    """One of its services."""
    return Service(f"{node_origin()}/{PATHS[product]}", lambda: KEY, seconds=seconds, trusted=True)


def simulated_backoffice() -> BackOffice:
    """Its BackOffice."""
    return BackOffice(simulated("backoffice"))
