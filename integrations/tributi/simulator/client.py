"""The simulator as an adapter: the web-service client, turned to the invented office."""

from datetime import date

from integrations.registry import Secret
from integrations.tributi.mapping import DEMO_BASIS, Common, LegalBasis
from integrations.tributi.port import Standing
from integrations.tributi.rest import RestOffice, RestSettings
from integrations.tributi.simulator.server import TOKEN, serve


class SimulatorSettings(Common, frozen=True, kw_only=True):
    """Nothing but what every adapter has."""

    legal_basis: LegalBasis = DEMO_BASIS


class SimulatedOffice:
    """Starts the server only when somebody asks."""

    def __init__(self, _chosen: SimulatorSettings, _secret: Secret) -> None:
        return

    def probe(self) -> None:
        """As the real one."""
        _office().probe()

    def standing(self, fiscal_code: str, *, today: date) -> Standing | None:
        """As the real one."""
        return _office().standing(fiscal_code, today=today)


def _office() -> RestOffice:
    return RestOffice(RestSettings(url=serve().url, legal_basis=DEMO_BASIS), lambda: TOKEN)
