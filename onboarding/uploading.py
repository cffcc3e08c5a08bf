"""A clerk hands in an export: the file is kept byte for byte, read, checked, committed and undone, as jobs."""

import hashlib
import uuid
from datetime import datetime

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from onboarding.errors import ComuneAtWork, FileTooLarge, KindNotCommitted, LoadNotReady, NothingToCommit
from onboarding.kinds import may_be_committed
from onboarding.models import LoadState, RosterLoad
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.jobs.models import Job
from sportello.jobs.starting import start_job
from sportello.kernel.school_year import SchoolYear

CHECK, COMMIT, UNDO = "roster_check", "roster_commit", "roster_undo"
SETTLED = frozenset({LoadState.COMMITTED})


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
    _start(load, CHECK, LoadState.READING, actor, now)
    return load


@transaction.atomic
def request_check(*, load: RosterLoad, actor: Account | None, now: datetime) -> RosterLoad:
    """Start the dry run, or start it again; nothing happens while a job is on the load or once it is committed.

    A load that nobody was able to read, or whose columns wait for a person, is read again from the start.
    """
    locked = _locked(load)
    if locked.is_at_work or locked.state == LoadState.COMMITTED:
        return locked
    ready = locked.mapping is not None and locked.mapping.is_confirmed
    _start(locked, CHECK, LoadState.CHECKING if ready else LoadState.READING, actor, now)
    return locked


@transaction.atomic
def request_commit(*, load: RosterLoad, actor: Account | None, now: datetime) -> Job:
    """Start the commit; asked twice, the same job answers.

    Raises LoadNotReady, NothingToCommit, KindNotCommitted, or ComuneAtWork while another load is being written.
    """
    locked = _locked(load)
    committing = locked.state == LoadState.COMMITTING and locked.is_at_work
    if locked.job is not None and (committing or locked.state == LoadState.COMMITTED):
        return locked.job
    if not may_be_committed(locked.kind):
        raise KindNotCommitted
    if locked.state == LoadState.CHECKED and not locked.committable_rows:
        raise NothingToCommit
    if not locked.may_be_committed:
        raise LoadNotReady
    _refuse_while_another_is_written(locked)
    return _start(locked, COMMIT, LoadState.COMMITTING, actor, now)


@transaction.atomic
def request_undo(*, load: RosterLoad, actor: Account | None, now: datetime) -> Job:
    """Start the undo of a committed load; asked twice, the same job answers. Raises LoadNotReady or ComuneAtWork."""
    locked = _locked(load)
    if locked.job is not None and locked.state == LoadState.UNDOING and locked.is_at_work:
        return locked.job
    if not locked.may_be_undone:
        raise LoadNotReady
    _refuse_while_another_is_written(locked)
    return _start(locked, UNDO, LoadState.UNDOING, actor, now)


def _locked(load: RosterLoad) -> RosterLoad:
    held = RosterLoad.objects.select_for_update(of=("self",)).select_related("job", "mapping")
    return held.get(pk=load.pk)


def _refuse_while_another_is_written(load: RosterLoad) -> None:
    """Two operators at once: the second is told who is at it. A job that gave up stands in nobody's way."""
    writing = RosterLoad.objects.filter(state__in=(LoadState.COMMITTING, LoadState.UNDOING)).exclude(pk=load.pk)
    for other in writing.select_related("job", "uploaded_by").order_by("pk"):
        if other.is_at_work:
            raise ComuneAtWork(other.file_name)


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
