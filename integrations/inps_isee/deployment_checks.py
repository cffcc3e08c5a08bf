"""Checks of a deployment."""

from typing import Any

from django.conf import settings
from django.core import checks

from integrations.inps_isee.settings import Mode


@checks.register(checks.Tags.security)
def no_invented_attestations(**_kwargs: Any) -> list[checks.CheckMessage]:  # Any: Django's own keywords
    """inps_isee.E001: the simulator invents an ISEE for every child, and a fee would follow from it."""
    if settings.INPS_ISEE["mode"] != Mode.SIMULATOR or settings.DEBUG or settings.DEMO or settings.TESTING:
        return []
    return [
        checks.Error(
            "The simulator of INPS answers outside the demo.",
            hint="Set INPS_ISEE to off, or to pdnd.",
            id="inps_isee.E001",
        )
    ]
