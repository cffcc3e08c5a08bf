"""The twin of a Comune: a second schema with the same rules and invented people, on which its staff practise.

A twin is a Comune like any other for whoever is inside it, and none for whoever lists, counts or sends work to the
Comuni: `Municipality.objects` does not hold it. Nothing leaves it (`tenants.current.in_twin` is asked at each door).
"""

import shutil
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from sportello.kernel.errors import DomainError
from tenants.current import PUBLIC, TWIN_PREFIX, in_schema
from tenants.hosts import announce_change
from tenants.models import Domain, Municipality, Stage
from tenants.provisioning import create_schema_of, schema_exists
from tenants.stages import SchemaMissing

COLOUR: Final = "#6b2d7b"
"""Of every twin: nobody takes its pages for those of the Comune."""
SUFFIX: Final = " (prova)"
PATIENCE: Final = "10s"
"""How long a new beginning waits for who is writing there."""
COPIED: Final = (
    "belfiore_code",
    "istat_code",
    "population",
    "patron_rule",
    "contacts_email",
    "contacts_phone",
    "contacts_address",
)


class TwinBusy(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Qualcuno sta lavorando nell'ambiente di prova: riprova tra un minuto."))


class NotOfATwin(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Un ambiente di prova non ha a sua volta un ambiente di prova."))


def twin_of(municipality: Municipality) -> Municipality | None:
    """The twin of a Comune, if it has one."""
    return Municipality.with_twins.filter(belfiore_code=municipality.belfiore_code, is_twin=True).first()


def real_of(municipality: Municipality) -> Municipality:
    """The Comune itself, also when asked of its twin."""
    if not municipality.is_twin:
        return municipality
    return Municipality.objects.get(belfiore_code=municipality.belfiore_code)


@transaction.atomic
def begin_twin_afresh(*, municipality: Municipality) -> Municipality:
    """The twin of a Comune with a new, empty schema on the host `prova-<slug>.<base>`; all it held is gone.

    One label before the base, so that the certificate of the platform's hosts holds for it too. Raises NotOfATwin,
    SchemaMissing when the Comune itself has no schema, TwinBusy.
    """
    if municipality.is_twin:
        raise NotOfATwin
    with in_schema(PUBLIC):
        real = Municipality.objects.select_for_update().get(pk=municipality.pk)
        if not schema_exists(real.schema_name):
            raise SchemaMissing
        twin = twin_of(real) or Municipality(is_twin=True, schema_name=f"{TWIN_PREFIX}{real.belfiore_code.lower()}")
        _take_after(twin, real)
        _drop(twin)
        create_schema_of(municipality=twin)
    transaction.on_commit(announce_change)
    return twin


@transaction.atomic
def remove_twin(*, municipality: Municipality) -> bool:
    """The Comune has no twin any more: schema, files, host and row are gone; whether there was one. Raises TwinBusy."""
    with in_schema(PUBLIC):
        twin = twin_of(municipality)
        if twin is None:
            return False
        _drop(twin)
        twin.domains.all().delete()
        Municipality.with_twins.filter(pk=twin.pk, is_twin=True).delete()
    transaction.on_commit(announce_change)
    return True


def _take_after(twin: Municipality, real: Municipality) -> None:
    """Everything that the rules ask of a Comune is as in the real one; how it looks is not."""
    for name in COPIED:
        setattr(twin, name, getattr(real, name))
    twin.name = f"{real.name[: 80 - len(SUFFIX)]}{SUFFIX}"
    twin.slug = f"prova-{real.slug}"[:60]
    twin.colour, twin.stage = COLOUR, Stage.LIVE
    twin.branding_version = (twin.branding_version or 0) + 1
    twin.save()
    host = f"{twin.slug}.{settings.BASE_HOST}"
    if not twin.domains.filter(domain=host).exists():
        Domain.objects.create(domain=host, tenant=twin, is_primary=True)


def _drop(twin: Municipality) -> None:
    """The schema and its files. Refuses, by name, to touch anything that is not a twin's."""
    schema = twin.schema_name
    if not schema.startswith(TWIN_PREFIX) or not schema_exists(schema):
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the caller wrote there must not wait any more
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(f"DROP SCHEMA {connection.ops.quote_name(schema)} CASCADE")
            cursor.execute("SET LOCAL lock_timeout = 0")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise TwinBusy from error
        raise
    folder = Path(settings.MEDIA_ROOT) / schema
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))
