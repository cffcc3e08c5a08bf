"""Checks of a deployment."""

from typing import Any

from django.conf import settings
from django.core import checks

from integrations.spid_cie.installation import simulator_installed
from sportello.kernel import clock


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


@checks.register(checks.Tags.security)
def no_shifted_calendar(**_kwargs: Any) -> list[checks.CheckMessage]:  # Any: Django's own keywords
    """accounts.E002: dates of acts, terms and charges must be those of the real calendar."""
    if not clock.SHIFT or settings.DEMO or settings.TESTING:
        return []
    return [
        checks.Error(
            "The calendar is shifted outside the demo.",
            hint="Take CLOCK_SHIFT_DAYS out of the environment.",
            id="accounts.E002",
        )
    ]


@checks.register(checks.Tags.security)
def no_public_demo(**_kwargs: Any) -> list[checks.CheckMessage]:  # Any: Django's own keywords
    """accounts.E003: a demo lets anybody enter as anybody, so it stays on one machine, without TLS."""
    if not (settings.DEMO and settings.BEHIND_TLS):
        return []
    return [
        checks.Error(
            "The demo is served behind TLS, as if it were in production.",
            hint="Take DEMO out of the environment.",
            id="accounts.E003",
        )
    ]
