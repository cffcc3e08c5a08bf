"""The door of the Comune: chooses the way in and hands over to it."""

from django.apps import apps
from django.http import HttpRequest

from integrations.spid_cie.errors import DoorClosed
from integrations.spid_cie.port import IdentityDoor
from integrations.spid_cie.types import Entrance, Provider

SIMULATOR = "integrations.spid_cie.simulator"


def simulator_installed() -> bool:
    """Whether identities are invented here: the demo and the tests only (accounts.E001)."""
    return apps.is_installed(SIMULATOR)


def is_open() -> bool:
    """Whether digital identities can enter at all."""
    return simulator_installed()


def begin(request: HttpRequest, *, provider: Provider, next_path: str) -> str:
    """The address to which the browser goes; raises DoorClosed."""
    return _door().begin(request, provider=provider, next_path=next_path)


def complete(request: HttpRequest) -> Entrance:
    """Who came back from the provider; raises ConnectorError with a sentence for the person."""
    return _door().complete(request)


def _door() -> IdentityDoor:
    if not simulator_installed():
        raise DoorClosed
    from integrations.spid_cie.simulator.client import SimulatedDoor  # noqa: PLC0415 -- absent in production

    return SimulatedDoor()
