"""The export of a Comune: asked for, made, downloaded on the record, confirmed, and forgotten when its time is over."""

import hashlib
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import F

from onboarding.leaving.errors import ChecksumDiffers, ExportUnderWay, NotDownloaded, PackageGone
from onboarding.leaving.kept_files import PACKAGES, folder_of
from onboarding.leaving.models import ExportPackage
from onboarding.leaving.packaging import write_package
from onboarding.leaving.tabling import PIECE
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.jobs.registry import Progress
from sportello.jobs.starting import start_job
from tenants.current import current_municipality

EXPORT: Final = "comune_export"
KEPT: Final = timedelta(days=7)
"""How long a package is kept: all the personal data of a Comune in one file should not lie about."""


@transaction.atomic
def request_export(*, actor: Account | None, now: datetime, asked_by: str = "") -> ExportPackage:
    """Starts the export of the current Comune as a job. Raises ExportUnderWay.

    `actor` is None where the central team asks; `asked_by` is then the public id of who did.
    """
    waiting = ExportPackage.objects.select_for_update(of=("self",)).filter(made_at__isnull=True).order_by("pk")
    if any(package.is_at_work for package in waiting.select_related("job")):
        raise ExportUnderWay
    package = ExportPackage.objects.create(public_id=uuid.uuid4(), requested_by=actor, requested_at=now)
    package.job = start_job(
        kind=EXPORT,
        arguments={"package": str(package.public_id)},
        requested_by=None if actor is None else actor.pk,
        now=now,
    )
    package.save(update_fields=["job"])
    _record(Action.EXPORT_REQUESTED, package, actor, now, by=asked_by)
    return package


@transaction.atomic
def make_package(*, package: ExportPackage, now: datetime, progress: Progress) -> ExportPackage:
    """Writes the file of a package; made again after a crash, it replaces what was left half-way."""
    locked = ExportPackage.objects.select_for_update(of=("self",)).get(pk=package.pk)
    if locked.made_at is not None:
        return locked
    municipality = current_municipality()
    folder = folder_of(municipality.schema_name) / PACKAGES
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = folder / f".{locked.public_id}.part"
    half.touch(mode=0o600)
    counts = write_package(path=half, municipality=municipality, now=now, progress=progress)
    locked.sha256, locked.size = _digest_of(half), half.stat().st_size
    half.replace(folder / f"{locked.public_id}.zip")
    locked.file.name = f"{PACKAGES}/{locked.public_id}.zip"
    locked.counts = counts.as_numbers()
    locked.digests = {one["path"]: one["hash"].removeprefix("sha256:") for one in counts.resources}
    locked.made_at, locked.expires_at = now, now + KEPT
    locked.save()
    return locked


@transaction.atomic
def hand_out(*, package: ExportPackage, actor: Account | None, now: datetime, asked_by: str = "") -> Path:
    """The file, on the record. Raises PackageGone."""
    locked = ExportPackage.objects.select_for_update(of=("self",)).get(pk=package.pk)
    path = Path(locked.file.path) if locked.is_kept else None
    if path is None or not path.is_file():
        raise PackageGone
    ExportPackage.objects.filter(pk=locked.pk).update(downloads=F("downloads") + 1)
    _record(Action.EXPORT_DOWNLOADED, locked, actor, now, by=asked_by, sha256=locked.sha256)
    return path


@transaction.atomic
def confirm_export(*, package: ExportPackage, sha256: str, actor: Account, now: datetime) -> ExportPackage:
    """The Comune says that its own copy is whole: it types the digest of it. Raises NotDownloaded, ChecksumDiffers."""
    locked = ExportPackage.objects.select_for_update(of=("self",)).get(pk=package.pk)
    if not locked.downloads or locked.made_at is None:
        raise NotDownloaded
    if "".join(sha256.split()).lower() != locked.sha256:
        raise ChecksumDiffers
    if locked.confirmed_at is None:
        locked.confirmed_by, locked.confirmed_at = actor, now
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        _record(Action.EXPORT_CONFIRMED, locked, actor, now, sha256=locked.sha256)
    return locked


def forget_exports(*, now: datetime) -> int:
    """Deletes the files of the packages whose time is over; the rows stay and say what there was. Returns how many."""
    over = ExportPackage.objects.filter(expires_at__lte=now, forgotten_at__isnull=True).order_by("pk")
    for package in over:
        with transaction.atomic():
            ExportPackage.objects.filter(pk=package.pk).update(forgotten_at=now)
            _record(Action.EXPORT_FORGOTTEN, package, None, now)
        Path(package.file.path).unlink(missing_ok=True)
    return len(over)


def _record(action: Action, package: ExportPackage, actor: Account | None, now: datetime, **details: str) -> None:
    record(
        action=action,
        actor=None if actor is None else actor.pk,
        subject_kind="export_package",
        subject=package.public_id,
        now=now,
        details={name: value for name, value in details.items() if value},
    )


def _digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as held:
        while content := held.read(PIECE):
            digest.update(content)
    return digest.hexdigest()
