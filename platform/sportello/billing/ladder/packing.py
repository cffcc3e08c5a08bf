"""The letters of a run in one zip, for who prints and sends three hundred of them."""

import io
import zipfile
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.billing.documents.facing import ourselves
from sportello.billing.ladder.errors import NotEnded, StillWorking
from sportello.billing.ladder.letters import letter_of
from sportello.billing.ladder.models import LadderRun, LetterPack, kept_at
from sportello.billing.papers.arrears import reminder_pdf
from sportello.families.models import Adult
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.jobs.starting import start_job

PACK = "ladder.pack"


@transaction.atomic
def start_pack(*, run: LadderRun, actor: int, now: datetime) -> Job:
    """Starts putting the letters together. Raises StillWorking, and NotEnded before all have moved."""
    held = LadderRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    if held.is_working:
        raise StillWorking
    if held.ended_at is None:
        raise NotEnded
    held.job = start_job(kind=PACK, arguments={"run": str(held.public_id)}, requested_by=actor, now=now)
    held.save(update_fields=["job"])
    return held.job


def pack_letters(*, run: LadderRun, now: datetime, progress: Progress) -> dict[str, Any]:
    """Makes the file unless it is there; says how many letters it holds. A file that a crash left half is made anew."""
    known = LetterPack.objects.filter(run=run).first()
    if known is not None:
        return {"letters": known.letters}
    payers = Adult.objects.filter(pk__in=run.steps_taken.values("payer")).order_by("family_name", "given_name", "pk")
    pack = LetterPack(run=run, letters=payers.count(), made_at=now)
    progress.advance(done=0, total=pack.letters, message=str(_("Preparo le lettere")))
    name = kept_at(pack, "")
    if default_storage.exists(name):
        default_storage.delete(name)
    pack.file.name = default_storage.save(name, ContentFile(_zip(run, list(payers), progress)))
    pack.save()
    progress.advance(message=str(_("Lettere pronte")))
    return {"letters": pack.letters}


def _zip(run: LadderRun, payers: list[Adult], progress: Progress) -> bytes:
    """In the order of the names, told by their places: the name of a file is seen by whoever sees the folder."""
    payee, bytes_, made_at = ourselves(), io.BytesIO(), run.ended_at or run.created_at
    with zipfile.ZipFile(bytes_, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, payer in enumerate(payers, start=1):
            letter = letter_of(run, payer, payee)
            if letter is not None:
                archive.writestr(f"lettera-{place:04}.pdf", reminder_pdf(letter, made_at=made_at))
            progress.advance(done=place)
    return bytes_.getvalue()
