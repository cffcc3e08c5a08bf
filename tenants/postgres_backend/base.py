"""One rule beyond django-tenants: a connection that rests in the pool has an empty search_path.

Whoever takes a connection without naming a Comune finds no table at all, instead of those of the
Comune that used it last (foundations F31).
"""

from typing import Any

import psycopg
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantDatabaseWrapper


def forget_municipality(connection: psycopg.Connection[Any]) -> None:
    """Empties the search_path of a connection that goes back to the pool."""
    connection.execute("SET search_path TO ''")
    connection.commit()


class DatabaseWrapper(TenantDatabaseWrapper):
    """Sets the search_path of the current Comune before the first statement on a connection."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if isinstance(params.get("pool"), dict):
            params["pool"] = {**params["pool"], "reset": forget_municipality}
        return params
