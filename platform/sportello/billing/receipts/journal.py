"""The journal of messages (P22), written by one statement that the database keeps planned."""

from typing import Any, Final

from sportello.billing.receipts.models import Message
from tenants.current import ask_prepared

_FIELDS: Final = tuple(field.column for field in Message._meta.concrete_fields if not field.primary_key)
_WRITE: Final = (
    f"INSERT INTO {Message._meta.db_table} ({', '.join(_FIELDS)})"
    f" VALUES ({', '.join(f'%({name})s' for name in _FIELDS)}) RETURNING id"
)


def write(**fields: Any) -> None:
    """A row of the journal; all fields of `Message` by their names."""
    ask_prepared(_WRITE, fields)
