"""Refuse a pooler that hands a connection on after each transaction: it would mix the Comuni up.

In session mode two clients never share a server process; in transaction mode the second one gets the process that
the first has just left, or the first finds itself on another one afterwards.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import psycopg
from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

SENTENCE = (
    "The database is reached through a pooler in transaction mode, which loses the search_path and would show one"
    " Comune the data of another. Set it to session mode (PgBouncer: pool_mode = session)."
)


class TransactionPooler(ImproperlyConfigured):
    """Between us and PostgreSQL stands a pooler in transaction mode."""


class ServerSession(Protocol):
    """A client's connection that tells which server process answers it."""

    def backend(self) -> int: ...
    def begin(self) -> None: ...
    def close(self) -> None: ...


class DirectSession:
    """A connection of its own, outside the pool, in autocommit."""

    def __init__(self) -> None:
        params: dict[str, Any] = connection.get_connection_params()
        params.pop("cursor_factory", None)
        params.pop("context", None)
        self._connection = psycopg.connect(**params, autocommit=True, connect_timeout=10)

    def backend(self) -> int:
        row = self._connection.execute("SELECT pg_backend_pid()").fetchone()
        return int(row[0]) if row else 0

    def begin(self) -> None:
        self._connection.execute("BEGIN")

    def close(self) -> None:
        self._connection.close()


def require_session_pooling(connect: Callable[[], ServerSession] = DirectSession) -> None:
    """Raises TransactionPooler when one client's statements are answered by more than one server process."""
    first, second = connect(), connect()
    try:
        before = first.backend()
        second.begin()
        if second.backend() == before or first.backend() != before:
            raise TransactionPooler(SENTENCE)
    finally:
        first.close()
        second.close()


@register(Tags.database)
def check_pooling(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 the signature is the library's
    databases: Sequence[str] | None = None,
    **_options: Any,
) -> list[CheckMessage]:
    """`manage.py check --database default` says it too."""
    if not databases:
        return []
    try:
        require_session_pooling()
    except TransactionPooler:
        return [Error(SENTENCE, id="tenants.E001")]
    return []
