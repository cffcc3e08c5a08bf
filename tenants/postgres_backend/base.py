"""Three rules beyond django-tenants' backend.

A connection that rests in the pool has an empty search_path: whoever takes one without naming a Comune finds no
table at all, instead of those of the Comune that used it last.

The extensions stand at the end of every path, in a schema of their own: read here rather than from
PG_EXTRA_SEARCH_PATHS, because with that setting django_tenants queries the database while Django starts, so nothing
would start without one.

The path is set by libpq itself, not through a cursor: it is part of every request and costs a third that way. It is
then no part of the transaction that may follow; the parent class forgets it at each rollback all the same.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import psycopg
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantDatabaseWrapper  # noqa: TID251 this is tenants/
from django_tenants.postgresql_backend.base import FakeTenant, is_valid_schema_name  # noqa: TID251 this is tenants/
from django_tenants.utils import quote_schema_name  # noqa: TID251 this is tenants/
from psycopg.pq import ExecStatus, TransactionStatus

from tenants.postgres_backend import EXTENSIONS_SCHEMA

PUBLIC: Final = "public"
NOWHERE: Final = b"SET search_path TO ''"
HERE: Final = re.compile(r"\bhere\.")
MOST_PLANS: Final = 400
"""Statements kept planned by a connection: a few for each of the Comuni."""


class DatabaseWrapper(TenantDatabaseWrapper):  # type: ignore[misc]  # django_tenants has no types
    """Sets the search_path of the current Comune before the first statement on a connection."""

    tenant: Any
    schema_name: str | None
    include_public_schema: bool
    search_path_set_schemas: list[str] | None
    _had_a_path: bool = False
    """Whether any cursor was opened since the connection was taken: each may have left it with a path."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:  # noqa: FBT001, FBT002 the parent's signature
        """Names the Comune of the statements to come; sends nothing."""
        if tenant.schema_name != self.schema_name:
            ContentType.objects.clear_cache()  # the numbers of content types are a schema's own
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        self.include_public_schema = include_public
        self.search_path_set_schemas = None

    def set_schema(self, schema_name: str, include_public: bool = True, tenant_type: str | None = None) -> None:  # noqa: ARG002, FBT001, FBT002 the signature is the library's
        """The same, by the name of the schema."""
        self.set_tenant(_named(schema_name), include_public)

    def set_schema_to_public(self) -> None:
        """Leaves every Comune."""
        self.set_tenant(_named(PUBLIC))

    def _get_cursor_search_paths(self) -> list[str]:
        with_public = self.include_public_schema and self.schema_name != PUBLIC
        schema = self.schema_name or PUBLIC
        return [schema, PUBLIC, EXTENSIONS_SCHEMA] if with_public else [schema, EXTENSIONS_SCHEMA]

    def _handle_search_path(self, cursor: Any = None) -> None:  # noqa: ARG002 the signature is the library's
        """In a transaction that has failed it cannot be set, and need not: nothing but a rollback may follow."""
        self._had_a_path = True
        if self.search_path_set_schemas:
            return
        path = self._get_cursor_search_paths()
        result = self.connection.pgconn.exec_(_statement(tuple(path)))
        self.search_path_set_schemas = path if result.status == ExecStatus.COMMAND_OK else None

    def ask_prepared(
        self, statement: str, params: Sequence[Any] | Mapping[str, Any], schema: str = ""
    ) -> tuple[Any, ...] | None:
        """The first row of a statement that the server keeps planned: for what is asked often and takes long to plan.

        It names every table in full, `here.` standing for the schema, the current one unless said: so it needs no
        search_path, which would be one more trip and part of the plan, and is another statement for each Comune.
        Raises ValueError where a table is not named in full.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            self.connection.prepare_threshold, self.connection.prepared_max = 0, MOST_PLANS
            cursor = self._prepare_cursor(psycopg.Cursor(self.connection))
        with cursor:
            cursor.execute(_placed(statement, schema or self.schema_name or PUBLIC), params)
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def _close(self) -> None:
        """Gives the connection back to the pool, without a path."""
        if self.connection is not None and not self.connection.closed:
            if self.connection.pgconn.transaction_status != TransactionStatus.IDLE:
                self.connection.rollback()
            if self._had_a_path:
                self.connection.pgconn.exec_(NOWHERE)
        self._had_a_path = False
        super()._close()


@lru_cache(maxsize=1024)
def _named(schema: str) -> Any:
    """What stands for a Comune when only its schema is known. Raises ValueError for a name that is none."""
    if not is_valid_schema_name(schema):
        raise ValueError(f"{schema!r} is no name of a schema.")
    return FakeTenant(schema_name=schema)


@lru_cache(maxsize=4096)
def _placed(statement: str, schema: str) -> str:
    """The statement with the schema written into it. Raises ValueError for a table that no schema is named for."""
    bare = _tables().search(statement)
    if bare is not None:
        raise ValueError(f"{bare.group()} is asked for without its schema.")
    if not is_valid_schema_name(schema):
        raise ValueError(f"{schema!r} is no name of a schema.")
    return HERE.sub(f"{quote_schema_name(schema)}.", statement)


@lru_cache(maxsize=1)
def _tables() -> re.Pattern[str]:
    names = "|".join(sorted(model._meta.db_table for model in apps.get_models()))
    return re.compile(rf"(?<![\w.])(?:{names})\b")


@lru_cache(maxsize=1024)
def _statement(path: tuple[str, ...]) -> bytes:
    if not all(is_valid_schema_name(schema) for schema in path):
        raise ValueError(f"{path!r} holds a name that is none of a schema.")
    return f"SET search_path = {','.join(quote_schema_name(schema) for schema in path)}".encode()
