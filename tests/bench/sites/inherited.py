"""What the sites take over from the project's settings."""

from typing import Any

from sportello.config import settings


def project_settings() -> dict[str, Any]:
    """Every setting of the project."""
    return {name: value for name, value in vars(settings).items() if name.isupper()}
