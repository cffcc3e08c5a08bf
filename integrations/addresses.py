"""Where a connector may speak to: https, to a host of the installation's list."""

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from integrations.errors import AddressRefused
from integrations.registry import simulators_allowed
from tenants.current import in_twin

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def check_address(url: str) -> None:
    """https to a host of CONNECTOR_HOSTS; the simulator of this machine only where people are invented.

    Raises AddressRefused.
    """
    parts = urlsplit(url)
    if simulators_allowed() and not in_twin() and parts.scheme == "http" and parts.hostname in LOOPBACK:
        return
    if parts.scheme != "https" or parts.hostname not in settings.CONNECTOR_HOSTS or parts.username:
        raise AddressRefused
