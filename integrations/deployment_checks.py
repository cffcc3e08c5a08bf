"""Checks of a deployment: no invented answers about real people."""

from typing import Any

from django.conf import settings
from django.core import checks

from integrations.models import Connector
from integrations.registry import adapters_of, kinds
from tenants.current import in_schema
from tenants.tasks import schemas_in_service


@checks.register(checks.Tags.database)
def no_simulated_connectors(
    databases: Any = None, **_kwargs: Any
) -> list[checks.CheckMessage]:  # Any: Django's keywords
    """integrations.E001: an enabled connector is a simulator in production. integrations.I001 lists them elsewhere."""
    if not databases:
        return []
    found = [f"{schema}: {row}" for schema in schemas_in_service() for row in _simulated(schema)]
    if settings.DEPLOY_ENV != "production":
        told = f"Connectors on simulators: {', '.join(found)}"
        return [checks.Info(told, id="integrations.I001")] if found else []
    hint = "Configure a real adapter on the page Collegamenti of the Comune, or set DEPLOY_ENV=staging."
    return [checks.Error(f"A simulator answers for {one}.", hint=hint, id="integrations.E001") for one in found]


def _simulated(schema: str) -> list[Connector]:
    names = [(one.kind, one.name) for kind in kinds() for one in adapters_of(kind) if one.is_simulator]
    with in_schema(schema):
        return [row for row in Connector.objects.filter(enabled=True) if (row.kind, row.adapter) in names]
