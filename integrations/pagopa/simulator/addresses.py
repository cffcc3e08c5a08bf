"""Where the Node and our station stand."""

from django.conf import settings


def origin_of(host: str) -> str:
    """The origin of one of the installation's own hosts; the port in the demo alone."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT and not settings.BEHIND_TLS else ""
    return f"{'https' if settings.BEHIND_TLS else 'http'}://{host}{port}"


def node_origin() -> str:
    """`http://nodo.localhost:8000` in the demo."""
    return origin_of(settings.NODE_HOST)


def our_station() -> str:
    """Where the Node calls us: one station for all the Comuni (P2)."""
    return f"{origin_of(f'pagamenti.{settings.BASE_HOST}')}/stazione/"
