"""What is not kept: sessions whose time is over."""

from importlib import import_module

from django.conf import settings


def forget_expired_sessions() -> None:
    """Deletes the expired sessions of the current Comune."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
