"""Checks of a deployment."""

from typing import Any

from django.conf import settings
from django.core import checks

from integrations.spid_cie.door import simulator_installed


@checks.register(checks.Tags.security)
def no_invented_identities(**_kwargs: Any) -> list[checks.CheckMessage]:  # Any: Django's own keywords
    """accounts.E001: the demo identity page lets anybody enter as anybody."""
    if not simulator_installed() or settings.DEBUG or settings.DEMO or settings.TESTING:
        return []
    return [
        checks.Error(
            "The demo identity page is installed outside the demo.",
            hint="Take SIMULATED_IDENTITY out of the environment.",
            id="accounts.E001",
        )
    ]
