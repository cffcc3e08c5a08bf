"""Absolute addresses of a Comune's own host, for mails, PDFs and links from one host to another."""

from django.conf import settings

from tenants.current import PUBLIC, in_schema
from tenants.models import Municipality


def site_url(municipality: Municipality, path: str) -> str:
    """`https://host/path` on the primary domain of the Comune (http and a port in development)."""
    with in_schema(PUBLIC):
        domain = municipality.domains.filter(is_primary=True).first()
    return _address(domain.domain if domain else f"{municipality.slug}.{settings.BASE_HOST}", path)


def central_url(path: str) -> str:
    """The same on the central team's host."""
    return _address(settings.CENTRAL_HOST, path)


def _address(host: str, path: str) -> str:
    scheme = "https" if settings.BEHIND_TLS else "http"
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT and not settings.BEHIND_TLS else ""
    return f"{scheme}://{host}{port}{path}"
