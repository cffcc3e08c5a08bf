"""The papers of an issue: a PDF for each notice, in zips of some hundreds.

Each part is kept as soon as it is made, and one that lies whole in the store is not made again: killed in the middle,
the job goes on from there.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from itertools import batched
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from sportello.billing.debts.models import DebtPosition
from sportello.billing.documents.facing import ourselves
from sportello.billing.documents.notices import notice_sheet
from sportello.billing.issuing.models import NoticeIssue, PaperPart, kept_at
from sportello.billing.issuing.runs import positions_of
from sportello.billing.papers.notices import notice_pdf
from sportello.billing.papers.sheets import Payee
from sportello.jobs.registry import Progress

PER_PART: Final = 500


def print_notices(*, issue: NoticeIssue, now: datetime, progress: Progress) -> dict[str, Any]:
    """Makes the parts that are missing; says how many notices and parts there are."""
    payee = ourselves()
    made = set(issue.parts.order_by("number").values_list("number", flat=True))
    ids = list(positions_of(issue).values_list("pk", flat=True))
    progress.advance(done=0, total=len(ids), message=str(_("Preparo i documenti")))
    done = 0
    for number, batch in enumerate(batched(ids, PER_PART, strict=False), start=1):
        if number not in made:
            part = PaperPart(issue=issue, number=number, notices=len(batch), made_at=now)
            part.file.name = _stored(part, batch, payee, progress, done)
            part.save()
        done += len(batch)
        progress.advance(done=done)
    progress.advance(message=str(_("Documenti pronti")))
    return {"notices": len(ids), "parts": issue.parts.count()}


def _stored(part: PaperPart, positions: Sequence[int], payee: Payee, progress: Progress, before: int) -> str:
    """The name of the file, written unless it is there whole: the directory of a zip is its last piece."""
    name = kept_at(part, "")
    if default_storage.exists(name):
        with default_storage.open(name) as held:
            if zipfile.is_zipfile(held):
                return name
        default_storage.delete(name)
    return default_storage.save(name, ContentFile(_zip(part, positions, payee, progress, before)))


def _zip(part: PaperPart, positions: Sequence[int], payee: Payee, progress: Progress, before: int) -> bytes:
    held = DebtPosition.objects.filter(pk__in=positions).select_related("payer").order_by("pk")
    bytes_ = io.BytesIO()
    with zipfile.ZipFile(bytes_, "w", zipfile.ZIP_DEFLATED) as archive:
        rows = held.prefetch_related("lines__account__child", "options")
        for place, position in enumerate(rows, start=1):
            number = min(position.options.all(), key=lambda option: option.number).notice_number
            archive.writestr(f"avviso-{number}.pdf", notice_pdf(notice_sheet(position, payee), made_at=part.made_at))
            progress.advance(done=before + place)
    return bytes_.getvalue()
