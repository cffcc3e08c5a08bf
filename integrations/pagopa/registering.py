"""The ways to pagoPA, for the registry. Their names are those of `models.Gateway`, and the simulator's."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from integrations.pagopa.mypay import MyPayGateway
from integrations.pagopa.platform_gateway import AcaGateway, GpdGateway, StationGateway
from integrations.pagopa.settings import MyPaySettings, PlatformSettings, SimulatorSettings
from integrations.pagopa.simulated import SimulatedGateway, SimulatedGpdGateway, SimulatedMyPayGateway
from integrations.registry import name_kind, register

KIND: Final = "pagopa"


def register_adapters() -> None:
    """Called once, when the app is ready."""
    name_kind(KIND, _("pagoPA"))
    register(KIND, "station", StationGateway, PlatformSettings, label=_("Stazione propria"), needs_secret=True)
    register(KIND, "gpd", GpdGateway, PlatformSettings, label=_("Posizioni su GPD"), needs_secret=True)
    register(KIND, "aca", AcaGateway, PlatformSettings, label=_("Posizioni su ACA"), needs_secret=True)
    register(KIND, "mypay", MyPayGateway, MyPaySettings, label=_("MyPay della Regione"), needs_secret=True)
    register(KIND, "simulator", SimulatedGateway, SimulatorSettings, label=_("Simulatore del Nodo"), simulator=True)
    register(
        KIND,
        "simulator_gpd",
        SimulatedGpdGateway,
        SimulatorSettings,
        label=_("Simulatore del Nodo, posizioni su GPD"),
        simulator=True,
    )
    register(
        KIND,
        "simulator_mypay",
        SimulatedMyPayGateway,
        SimulatorSettings,
        label=_("Simulatore del Nodo, dovuti su MyPay"),
        simulator=True,
    )
