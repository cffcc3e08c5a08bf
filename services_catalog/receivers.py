"""A Comune that comes in begins with the metropolitan templates, where its pack says nothing of a service."""

from typing import Any

from services_catalog.packs import own_services
from services_catalog.proposing import offer_templates
from sportello.kernel import clock
from tenants.municipal_packs import MunicipalPack


def begin_with_templates(*, pack: MunicipalPack, **_news: Any) -> None:
    """Hears `tenants.signals.municipality_provisioned`, inside the new schema."""
    offer_templates(own_services=own_services(pack), now=clock.now())
