"""The deletion of a Comune, in two jobs, so that a crash leaves it either untouched or said to be half-way.

The first proves that the confirmed package still holds everything, writes down what will be deleted and closes the
hosts: from then on the departure says "deleting". The second removes files, cache and schema and issues the
certificate; killed at any point, it is started again and finds less to do. The schema goes last, in the transaction
that says that it is gone.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from integrations.spid_cie.models import ProviderSession, SamlEntity
from onboarding.leaving.catalogue import tables_of
from onboarding.leaving.certificate import certificate_pdf
from onboarding.leaving.departing import confirmed_export, go_on_deleting, moved, record_departure
from onboarding.leaving.describing import path_of
from onboarding.leaving.errors import ChangedSinceExport, NoConfirmedExport
from onboarding.leaving.in_public import public_tables_of
from onboarding.leaving.kept_files import folder_of, kept_files
from onboarding.leaving.models import Departure, DepartureState, ExportPackage
from onboarding.leaving.packaging import FILES
from onboarding.leaving.tabling import Digesting, copy_bytes, write_table
from sportello.jobs.registry import Progress
from sportello.kernel.errors import gettext_noop
from sportello.ui.spreadsheets import MachineLines
from tenants.models import Municipality
from tenants.removal import close_hosts, remove_cache, remove_files, remove_schema, stop_writers
from tenants.snapshots import snapshot_of
from tenants.twins import remove_twin, twin_of

COME_AND_GO: Final = frozenset(
    {
        *("audit_event", "jobs_job", "leaving_exportpackage"),  # the export itself writes them
        *(
            "django_session",
            "accounts_account",
            "accounts_opensession",
            "accounts_supportvisit",
        ),  # entering and leaving
        *("otp_totp_totpdevice", "integrations_connectorexchange"),
        "board_gatheredsigns",  # asked again by the clock
    }
)
"""Tables that change by somebody looking: they are no work that a package could lack."""


@transaction.atomic
def prepare_deletion(*, departure: Departure, now: datetime, today: date, progress: Progress) -> Departure:
    """Compares every table and file with the confirmed package, then closes the hosts and says "deleting".

    Raises ChangedSinceExport, NoConfirmedExport, NotInThisState: nothing has changed then.
    """
    locked = moved(departure, DepartureState.DELETING)
    package = confirmed_export(locked)
    if package is None or package.sha256 != locked.export_sha256:
        raise NoConfirmedExport
    stop_writers(locked.schema_name)
    municipality = _municipality(locked)
    tables = _tables(municipality, progress)
    files = _files(locked.schema_name)
    _compare(package, tables, files)
    hosts = close_hosts(municipality=municipality, today=today)
    locked.inventory = {
        "tables": tables,
        "rows": sum(table["rows"] for table in tables),
        "files": files,
        "hosts": hosts,
        "entities": _entities(locked),
        "twin": "" if (twin := twin_of(municipality)) is None else twin.schema_name,
    }
    go_on_deleting(locked, locked.begun_by, now)
    progress.advance(message=gettext_noop("Tutto è nell'esportazione confermata: comincio a cancellare."))
    return locked


@transaction.atomic
def delete_comune(*, departure: Departure, now: datetime, today: date, progress: Progress) -> Departure:
    """Removes files, cache, twin, rows in `public` and the schema, and issues the certificate.

    Raises NotInThisState, TwinBusy.
    """
    locked = moved(departure, DepartureState.DELETED)
    municipality = _municipality(locked)
    progress.advance(done=1, total=4, message=gettext_noop("Cancello i file"))
    remove_files(locked.schema_name)
    progress.advance(done=2, message=gettext_noop("Cancello la memoria veloce"))
    remove_cache(locked.schema_name)
    progress.advance(done=3, message=gettext_noop("Cancello la banca dati"))
    _remove_twin(municipality)
    ProviderSession.objects.filter(schema_name=locked.schema_name).delete()
    SamlEntity.objects.filter(municipality=municipality).delete()
    remove_schema(municipality=municipality)
    locked.deleted_at = now
    locked.backups_until = today + timedelta(days=settings.BACKUP_DAYS)
    _certify(locked, now)
    locked.save()
    record_departure(locked, locked.begun_by, now, certificate=locked.certificate_sha256)
    progress.advance(done=4, message=gettext_noop("Il Comune è cancellato; il certificato è pronto."))
    return locked


def _remove_twin(municipality: Municipality) -> None:
    """The place where its staff practised, with what the cache holds of it."""
    twin = twin_of(municipality)
    if twin is not None and remove_twin(municipality=municipality):
        remove_cache(twin.schema_name)


def _certify(departure: Departure, now: datetime) -> None:
    content = certificate_pdf(departure, now=now)
    departure.certificate_sha256 = hashlib.sha256(content).hexdigest()
    storage = departure.certificate.storage
    name = f"certificati/{departure.public_id}.pdf"
    storage.delete(name)  # what a killed attempt has left
    departure.certificate.save(name, ContentFile(content), save=False)


def _municipality(departure: Departure) -> Municipality:
    found: Municipality = Municipality.objects.get(schema_name=departure.schema_name)
    return found


def _entities(departure: Departure) -> list[str]:
    entities = SamlEntity.objects.filter(municipality__schema_name=departure.schema_name).order_by("scheme")
    return [str(entity) for entity in entities]


def _tables(municipality: Municipality, progress: Progress) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    schema = municipality.schema_name
    with snapshot_of(schema) as snapshot, snapshot.cursor() as cursor:
        tables = [*tables_of(snapshot, schema), *public_tables_of(snapshot, municipality)]
        for number, table in enumerate(tables, start=1):
            progress.advance(done=number, total=len(tables), message=gettext_noop("Confronto con l'esportazione"))
            written = write_table(cursor, table, None)
            ((rows,),) = cursor.execute(f"SELECT count(*) FROM {table.held()}")  # noqa: S608 names come from the catalogue
            found.append(
                {
                    "name": table.name,
                    "rows": rows,
                    "sha256": written.sha256,
                    "path": path_of(table),
                    "schema": table.schema or schema,
                }
            )
    return found


def _files(schema: str) -> dict[str, Any]:
    listing, size, count = Digesting(None), 0, 0
    lines = MachineLines(listing, ["path", "bytes", "sha256"], [True, False, True])
    for name, path in kept_files(folder_of(schema)):
        with path.open("rb") as held:
            written = copy_bytes(held, _Nowhere())
        lines.write([name, str(written.size), written.sha256])
        size, count = size + written.size, count + 1
    return {"count": count, "bytes": size, "sha256": listing.written(count).sha256}


class _Nowhere:
    """A sink for bytes of which only the digest is wanted."""

    def write(self, content: bytes, /) -> int:
        return len(content)


def _compare(package: ExportPackage, tables: list[dict[str, Any]], files: dict[str, Any]) -> None:
    changed = list(_changed(package.digests, tables, files))
    if changed:
        raise ChangedSinceExport(changed)


def _changed(digests: dict[str, str], tables: list[dict[str, Any]], files: dict[str, Any]) -> Iterator[str]:
    for table in tables:
        if table["name"] not in COME_AND_GO and table["sha256"] != digests.get(table["path"]):
            yield table["name"]
    if files["sha256"] != digests.get(FILES):
        yield "files"
