"""How the connectors of a Comune stand, for the page that lists them."""

from dataclasses import dataclass

from django.utils.functional import Promise

from integrations.errors import words_of
from integrations.models import Connector, Health
from integrations.registry import Adapter, adapters_of, kinds, simulators_allowed

TONES = {Health.NEVER: "neutral", Health.OK: "success", Health.DEGRADED: "attention", Health.DOWN: "danger"}


@dataclass(frozen=True, slots=True)
class SeenConnector:
    """A kind of system: which adapter speaks, on which row (None: nobody, or the simulator by default)."""

    kind: str
    label: str | Promise
    adapter: Adapter | None
    row: Connector | None

    @property
    def is_simulated(self) -> bool:
        """Whether the answers are invented."""
        return self.adapter is not None and self.adapter.is_simulator

    @property
    def tone(self) -> str:
        """The colour of its health."""
        return TONES[Health(self.row.health)] if self.row else "neutral"

    @property
    def last_error(self) -> str | Promise:
        """The last failure in words."""
        return words_of(self.row.last_error_code) if self.row else ""


def connectors_seen() -> list[SeenConnector]:
    """Every kind of system there is, in one query."""
    on = {row.kind: row for row in Connector.objects.filter(enabled=True)}
    return [SeenConnector(kind, label, _speaking(kind, on.get(kind)), on.get(kind)) for kind, label in kinds().items()]


def _speaking(kind: str, row: Connector | None) -> Adapter | None:
    known = adapters_of(kind)
    if row is not None:
        return next((one for one in known if one.name == row.adapter), None)
    return next((one for one in known if one.is_simulator), None) if simulators_allowed() else None
