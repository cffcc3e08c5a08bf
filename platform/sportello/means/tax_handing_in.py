"""A clerk hands in a file of the tax office: kept as it came, read by a job, committed by another."""

import hashlib
import uuid
from datetime import date, datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.jobs.models import Job
from sportello.jobs.starting import start_job
from sportello.means.models import TaxFileLoad
from sportello.means.tax_errors import SumsNotConfirmed, TaxFileGone, TaxFileTooLarge
from sportello.means.tax_loading import actor_key, record_tax_file
from sportello.means.tax_models import TaxLoadState

CHECK, COMMIT = "tax_file_check", "tax_file_commit"


@transaction.atomic
def hand_in_tax_file(
    *, content: bytes, file_name: str, as_of: date | None, actor: Account | None, now: datetime
) -> TaxFileLoad:
    """Keeps the file and starts its dry run; a file that was committed already gives back that load.

    `as_of` is asked for files that do not say their day. Raises TaxFileTooLarge.
    """
    if len(content) > settings.TAX_FILE_MAX_BYTES:
        raise TaxFileTooLarge(settings.TAX_FILE_MAX_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    committed = TaxFileLoad.objects.filter(sha256=digest, state=TaxLoadState.COMMITTED).first()
    if committed is not None:
        return committed
    load = TaxFileLoad(
        public_id=uuid.uuid4(),
        file_name=file_name[-200:],
        sha256=digest,
        as_of=as_of,
        uploaded_by=actor,
        uploaded_at=now,
    )
    load.file.save(str(load.public_id), ContentFile(content), save=False)
    load.save()
    record_tax_file(Action.TAX_FILE_UPLOADED, load, actor_key(actor), now, bytes=len(content))
    _start(load, CHECK, {}, actor, now)
    return load


@transaction.atomic
def request_tax_commit(*, load: TaxFileLoad, sums_confirmed: bool, actor: Account | None, now: datetime) -> TaxFileLoad:
    """Starts the commit; asked twice nothing more happens. Raises SumsNotConfirmed, TaxFileGone."""
    locked = TaxFileLoad.objects.select_for_update(of=("self",)).select_related("job").get(pk=load.pk)
    if locked.state == TaxLoadState.COMMITTED or locked.is_at_work:
        return locked
    if locked.state != TaxLoadState.CHECKED:
        raise TaxFileGone
    if not locked.comes_out and not sums_confirmed:
        raise SumsNotConfirmed
    _start(locked, COMMIT, {"sums_confirmed": sums_confirmed}, actor, now)
    return locked


def _start(load: TaxFileLoad, kind: str, more: dict[str, bool], actor: Account | None, now: datetime) -> Job:
    arguments = {"load": str(load.public_id), **more}
    load.job = start_job(kind=kind, arguments=arguments, requested_by=actor_key(actor), now=now)
    load.save(update_fields=["job"])
    return load.job
