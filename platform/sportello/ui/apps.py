from django.apps import AppConfig
from django.utils.translation import gettext

from sportello.kernel.errors import Reader


class UiConfig(AppConfig):
    """Lets the kernel's sentences speak the language of the page."""

    name = "sportello.ui"
    label = "ui"

    def ready(self) -> None:
        """Said once, before the first request."""
        Reader.translate = staticmethod(gettext)
