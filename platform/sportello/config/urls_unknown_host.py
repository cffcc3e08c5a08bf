"""Hosts that belong to nobody: only the probes answer."""

from sportello.config.probes import urlpatterns

__all__ = ["urlpatterns"]
