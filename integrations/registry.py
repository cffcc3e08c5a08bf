"""Which adapters there are, and which one speaks for the current Comune.

A folder registers its adapters in `AppConfig.ready`; a Comune's choice is a row (`models.Connector`). A room calls the
folder's door, which takes a line with `connector_for` and speaks inside `exchange`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Final, Protocol

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise

from integrations.errors import ConnectorError, NotConfigured, RealSystemRefused, SimulatorRefused
from integrations.models import Connector, ConnectorExchange, Health, Outcome
from integrations.named_secrets import secret
from integrations.typed_settings import read_settings
from tenants.current import in_twin

PATIENCE: Final = timedelta(hours=1)
type Secret = Callable[[], str]


class Client(Protocol):
    """What every adapter can do beside its port."""

    def probe(self) -> None:
        """Asks the other system whether it is there, about nobody. Raises ConnectorError."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """One way to speak with systems of a kind. `factory` takes the settings and gives the secret only when asked."""

    kind: str
    name: str
    label: str | Promise
    settings_type: type[msgspec.Struct]
    factory: Callable[[Any, Secret], Client]  # Any: each factory names its own struct
    is_simulator: bool
    needs_secret: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An open line to another system: the client to speak with, and the row it was made from (None: by default)."""

    adapter: Adapter
    client: Any  # the port of the kind; the folder's door knows which
    connector: Connector | None
    settings: Any  # the adapter's own struct


_kinds: dict[str, str | Promise] = {}
_adapters: dict[tuple[str, str], Adapter] = {}


def name_kind(kind: str, label: str | Promise) -> None:
    """How people call the systems of a kind."""
    _kinds[kind] = label


def register(
    kind: str,
    adapter: str,
    factory: Callable[[Any, Secret], Client],
    settings_type: type[msgspec.Struct],
    *,
    label: str | Promise,
    simulator: bool = False,
    needs_secret: bool = False,
) -> None:
    """Adds an adapter; a second one of the same name is a programming error.

    Every setting of a simulator has a default: it stands in where no row is.
    """
    made = Adapter(kind, adapter, label, settings_type, factory, simulator, needs_secret)
    if _adapters.setdefault((kind, adapter), made) != made:
        raise ValueError(f"The adapter {kind}/{adapter} is registered twice.")


def kinds() -> dict[str, str | Promise]:
    """The kinds of systems that have adapters, with their names."""
    return dict(sorted(_kinds.items()))


def adapters_of(kind: str) -> list[Adapter]:
    """The adapters of a kind, simulators last."""
    return sorted((one for one in _adapters.values() if one.kind == kind), key=lambda one: (one.is_simulator, one.name))


def adapter_named(kind: str, name: str) -> Adapter:
    """The adapter; raises KeyError for one nobody registered."""
    return _adapters[kind, name]


def simulators_allowed() -> bool:
    """Whether people may be invented here: nowhere in production, but in a twin."""
    return bool(settings.DEPLOY_ENV != "production") or in_twin()


def connector_for(kind: str) -> Line:
    """The line of the current Comune: its enabled row, else the simulator where people are invented.

    In a twin a row that speaks with a real system is as if it were not there.
    Raises NotConfigured, SimulatorRefused, SettingsInvalid.
    """
    row = Connector.objects.filter(kind=kind, enabled=True).first()
    if row is not None and not (in_twin() and _is_real(row)):
        return line_of(row)
    stand_in = next((one for one in adapters_of(kind) if one.is_simulator), None)
    if stand_in is None or not simulators_allowed():
        raise NotConfigured
    return _open(stand_in, {}, None)


def is_answered(kind: str) -> bool:
    """Whether the current Comune has a line of the kind at all; what is wrong with it is told when it is taken."""
    stand_in = simulators_allowed() and any(one.is_simulator for one in adapters_of(kind))
    return stand_in or Connector.objects.filter(kind=kind, enabled=True).exists()


def line_of(connector: Connector) -> Line:
    """The line of a row, enabled or not: to try it before.

    Raises NotConfigured, SimulatorRefused, RealSystemRefused, SettingsInvalid.
    """
    if in_twin() and _is_real(connector):
        raise RealSystemRefused
    adapter = _adapters.get((connector.kind, connector.adapter))
    if adapter is None:
        raise NotConfigured
    if adapter.is_simulator and not simulators_allowed():
        raise SimulatorRefused
    return _open(adapter, connector.settings, connector)


def _is_real(connector: Connector) -> bool:
    adapter = _adapters.get((connector.kind, connector.adapter))
    return adapter is None or not adapter.is_simulator


def _open(adapter: Adapter, plain: dict[str, Any], connector: Connector | None) -> Line:
    values = read_settings(plain, adapter.settings_type)
    name = "" if connector is None else connector.secret_name
    return Line(adapter, adapter.factory(values, lambda: secret(name)), connector, values)


@contextmanager
def exchange(line: Line, *, operation: str, reference: str, now: datetime) -> Iterator[None]:
    """One question to the other system: its log row, and what it says of the line's health, whatever the answer.

    Refuses to run inside a transaction: nothing leaves the house from there, and the log must outlive a rollback.
    A ConnectorError is kept by its code and goes on.
    """
    with transaction.atomic(durable=True):
        pass
    kept = ConnectorExchange(
        connector=line.connector,
        kind=line.adapter.kind,
        adapter=line.adapter.name,
        operation=operation,
        happened_at=now,
        reference=reference,
    )
    began = perf_counter()
    try:
        yield
    except ConnectorError as failure:
        _keep(kept, began, failure)
        raise
    _keep(kept, began, None)


def _keep(kept: ConnectorExchange, began: float, failure: ConnectorError | None) -> None:
    kept.milliseconds = round((perf_counter() - began) * 1000)
    kept.outcome = Outcome.FAILED if failure else Outcome.OK
    kept.error_code = failure.code if failure else ""
    with transaction.atomic():
        kept.save()
        if kept.connector_id is not None:
            row = Connector.objects.select_for_update().get(pk=kept.connector_id)
            Connector.objects.filter(pk=row.pk).update(**_signs(row, failure, kept.happened_at))


def _signs(row: Connector, failure: ConnectorError | None, now: datetime) -> dict[str, object]:
    if failure is None:
        return {"health": Health.OK, "last_ok_at": now}
    if not failure.spoils_health:
        return {"last_error_code": failure.code, "last_error_at": now}
    worked_lately = row.last_ok_at is not None and now - row.last_ok_at < PATIENCE
    health = Health.DEGRADED if worked_lately and not failure.permanent else Health.DOWN
    return {"health": health, "last_error_code": failure.code, "last_error_at": now}
