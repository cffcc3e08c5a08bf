"""What a way in must offer: the simulator today, SAML for SPID and CIE beside it."""

from typing import Protocol

from django.http import HttpRequest

from integrations.spid_cie.types import Entrance, Provider


class IdentityDoor(Protocol):
    """One way of verifying digital identities."""

    def begin(self, request: HttpRequest, *, provider: Provider, next_path: str) -> str:
        """The address to which the browser is sent. `next_path` was checked by the caller."""

    def complete(self, request: HttpRequest) -> Entrance:
        """Who came back; raises ConnectorError. An answer is good once, for one browser and one Comune."""
