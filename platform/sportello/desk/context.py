"""What every page's frame needs: whose desk this is, and where one can go from here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context for templates/base: the Comune (None at the central team's), demo mode."""
    return {"municipality": getattr(request, "municipality", None), "demo_mode": settings.DEMO}
