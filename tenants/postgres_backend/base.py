"""Two rules beyond django-tenants' backend.

A connection that rests in the pool has an empty search_path: whoever takes one without naming a Comune finds no
table at all, instead of those of the Comune that used it last (foundations F31). And the extensions stand at the
end of every path, in a schema of their own: read here rather than from PG_EXTRA_SEARCH_PATHS, because with that
setting django_tenants queries the database while Django starts, so nothing would start without one.
"""

from typing import Any

import psycopg
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantDatabaseWrapper

from tenants.postgres_backend import EXTENSIONS_SCHEMA


def forget_municipality(connection: psycopg.Connection[Any]) -> None:
    """Empties the search_path of a connection that goes back to the pool."""
    connection.execute("SET search_path TO ''")
    if not connection.autocommit:
        connection.commit()


class DatabaseWrapper(TenantDatabaseWrapper):  # type: ignore[misc]  # django_tenants has no types
    """Sets the search_path of the current Comune before the first statement on a connection."""

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        pool = settings_dict["OPTIONS"].get("pool")
        if isinstance(pool, dict):
            pool["reset"] = forget_municipality
        super().__init__(settings_dict, *args, **kwargs)

    def _get_cursor_search_paths(self) -> list[str]:
        return [*super()._get_cursor_search_paths(), EXTENSIONS_SCHEMA]
