"""A machine that calls the platform."""

from typing import Any

from tests.comuni import HostClient


class Machine(HostClient):
    """Carries the key of the platform."""

    def request(self, **environ: Any) -> Any:
        return super().request(**{"HTTP_OCP_APIM_SUBSCRIPTION_KEY": "demo", **environ})
