"""Taking a Comune out: its hosts first, then its traces, last its schema. Each step can be done again."""

import shutil
from datetime import date
from pathlib import Path
from typing import Final

import redis
from django.conf import settings
from django.db import connection, transaction

from tenants.current import PUBLIC, in_schema
from tenants.hosts import announce_change
from tenants.models import SCHEMA_NAME, Domain, Municipality, Stage
from tenants.provisioning import RESERVED
from tenants.signals import municipality_left

PATIENCE: Final = "20s"
"""How long the removal waits for whoever is still at work in the schema, before it gives up and is tried again."""
_CLEARED: Final = (
    *("coat_of_arms", "contacts_email", "contacts_phone", "contacts_address"),
    *("privacy_url", "legal_notes_url", "accessibility_declaration_url"),
)


class NotAComune(RuntimeError):
    """The schema is one of those that everything stands on."""


@transaction.atomic
def close_hosts(*, municipality: Municipality, today: date) -> list[str]:
    """Nobody reaches the Comune any more, nor does any task: it has left. Returns the hosts it had."""
    with in_schema(PUBLIC):
        held = Municipality.objects.select_for_update().get(pk=municipality.pk)
        hosts = [str(one.domain) for one in Domain.objects.filter(tenant=held).order_by("domain")]
        Domain.objects.filter(tenant=held).delete()
        held.left_on = today
        held.save(update_fields=["left_on"])
    transaction.on_commit(announce_change)
    return hosts


def stop_writers(schema: str) -> None:
    """Until the transaction ends nobody changes a row of the schema; reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relkind = 'r' ORDER BY c.relname",
            [schema],
        )
        names = ", ".join(f'"{schema}"."{name}"' for (name,) in cursor.fetchall())
        cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")


def remove_files(schema: str) -> None:
    """The private folder of the Comune, with all that is in it."""
    _check(schema)
    shutil.rmtree(Path(settings.MEDIA_ROOT) / schema, ignore_errors=False, onexc=_unless_gone)


def remove_cache(schema: str) -> int:
    """The keys of the Comune; returns how many."""
    _check(schema)
    removed = 0
    with redis.Redis.from_url(settings.VALKEY_URL) as client:
        for key in client.scan_iter(match=f"{schema}:*", count=1000):
            removed += int(client.delete(key))
    return removed


@transaction.atomic
def remove_schema(*, municipality: Municipality) -> None:
    """Drops the schema and leaves of the row only public facts. Rooms above drop what they keep by `municipality_left`.

    The row stays: its name is reserved, and whoever provisions all packs again does not bring the Comune back.
    """
    schema = municipality.schema_name
    _check(schema)
    municipality_left.send(sender=Municipality, municipality=municipality)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    with in_schema(PUBLIC):
        held = Municipality.objects.select_for_update().get(pk=municipality.pk)
        for name in _CLEARED:
            setattr(held, name, "")
        held.footer_links, held.eu_funded = [], False
        held.stage, held.colour = Stage.ASSESSMENT, Municipality._meta.get_field("colour").default
        held.branding_version += 1
        held.save()
    transaction.on_commit(announce_change)


def _check(schema: str) -> None:
    SCHEMA_NAME(schema)
    if schema in {*RESERVED, settings.CENTRAL_SCHEMA}:
        raise NotAComune(schema)


def _unless_gone(_function: object, _path: str, error: BaseException) -> None:
    """What is gone already was the aim."""
    if not isinstance(error, FileNotFoundError):
        raise error
