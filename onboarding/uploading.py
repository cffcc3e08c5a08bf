"""A clerk hands in a roster: the file is kept byte for byte and its check begins."""

import hashlib
import uuid
from datetime import datetime

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from onboarding.errors import FileTooLarge, LoadNotReady, NothingToCommit
from onboarding.models import LoadState, RosterLoad
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.jobs.models import Job
from sportello.jobs.starting import start_job
from sportello.kernel.school_year import SchoolYear

CHECK, COMMIT = "roster_check", "roster_commit"


@transaction.atomic
def upload_roster(
    *, file: "File[bytes]", file_name: str, school_year: SchoolYear, actor: Account | None, now: datetime
) -> RosterLoad:
    """Keep the file and start its dry run as a job. Raises FileTooLarge."""
    if file.size > settings.ROSTER_MAX_BYTES:
        raise FileTooLarge(settings.ROSTER_MAX_BYTES)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    load = RosterLoad(
        public_id=uuid.uuid4(),
        file_name=file_name[-200:],
        sha256=digest.hexdigest(),
        size=file.size,
        school_year=school_year.start_year,
        uploaded_by=actor,
        uploaded_at=now,
    )
    load.file.save(file_name, file, save=False)
    load.save()
    record(
        action=Action.ROSTER_UPLOADED,
        actor=None if actor is None else actor.pk,
        subject_kind="roster_load",
        subject=load.public_id,
        now=now,
        details={"sha256": load.sha256, "bytes": load.size},
    )
    return request_check(load=load, actor=actor, now=now)


@transaction.atomic
def request_check(*, load: RosterLoad, actor: Account | None, now: datetime) -> RosterLoad:
    """Start the dry run, or start it again; nothing happens while a job is on the load or once it is committed."""
    locked = RosterLoad.objects.select_for_update(of=("self",)).select_related("job").get(pk=load.pk)
    if not locked.is_at_work and locked.state != LoadState.COMMITTED:
        _start(locked, CHECK, LoadState.CHECKING, actor, now)
    return locked


@transaction.atomic
def request_commit(*, load: RosterLoad, actor: Account | None, now: datetime) -> Job:
    """Start the commit; asked twice, the same job answers. Raises LoadNotReady or NothingToCommit."""
    locked = RosterLoad.objects.select_for_update(of=("self",)).select_related("job").get(pk=load.pk)
    committing = locked.state == LoadState.COMMITTING and locked.is_at_work
    if locked.job is not None and (committing or locked.state == LoadState.COMMITTED):
        return locked.job
    if locked.state == LoadState.CHECKED and not locked.committable_rows:
        raise NothingToCommit
    if not locked.may_be_committed:
        raise LoadNotReady
    return _start(locked, COMMIT, LoadState.COMMITTING, actor, now)


def _start(load: RosterLoad, kind: str, state: LoadState, actor: Account | None, now: datetime) -> Job:
    job = start_job(
        kind=kind,
        arguments={"load": str(load.public_id)},
        requested_by=None if actor is None else actor.pk,
        now=now,
    )
    load.job, load.state = job, state
    load.save(update_fields=["job", "state"])
    return job
