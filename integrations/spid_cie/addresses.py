"""The addresses of the technical hub: one host for the 41, on which the providers answer."""

from typing import Final

from django.conf import settings
from django.urls import reverse

from integrations.spid_cie.models import Mode, SamlEntity

ACCESS_URLCONF: Final = "sportello.config.urls_access"


def access_origin() -> str:
    """`https://accesso.<domain>`; http and a port in the demo alone."""
    return origin_of(settings.ACCESS_HOST)


def origin_of(host: str) -> str:
    """The origin of one of our own hosts."""
    scheme = "https" if settings.BEHIND_TLS else "http"
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT and not settings.BEHIND_TLS else ""
    return f"{scheme}://{host}{port}"


def entity_id(entity: SamlEntity) -> str:
    """The name of the entity in the federation. An aggregated one holds `pub-ag-full` (Avviso SPID 19)."""
    words = "pub-ag-full" if entity.mode == Mode.AG_FULL else entity.scheme
    return f"{access_origin()}/{words}/{entity.ipa_code}"


def consumer_url() -> str:
    """Where providers send their answers: the same for all entities."""
    return f"{access_origin()}{reverse('access:consumer', urlconf=ACCESS_URLCONF)}"


def logout_url() -> str:
    """Where providers ask for a single logout."""
    return f"{access_origin()}{reverse('access:logout', urlconf=ACCESS_URLCONF)}"


def metadata_url(entity: SamlEntity) -> str:
    """Where the metadata of an entity are published."""
    path = reverse("access:metadata", args=[entity.scheme, entity.ipa_code], urlconf=ACCESS_URLCONF)
    return f"{access_origin()}{path}"
