"""A wrong entry is never touched: a new one names it and carries the difference."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.errors import NothingToCorrect
from sportello.billing.models import Entry, EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.kernel.money import Money


@transaction.atomic
def correct_entry(*, entry: Entry, difference: Money, reason: str, token: UUID, actor: int, now: datetime) -> bool:
    """Posts the difference (positive in the family's favour) against the entry; False when already posted.

    The reason becomes the description of the correction and is read by the family. Raises NothingToCorrect.
    """
    if not difference:
        raise NothingToCorrect(_("La rettifica deve cambiare l'importo."))
    if not reason.strip():
        raise NothingToCorrect(_("Scrivi il motivo della rettifica: lo leggerà anche la famiglia."))
    account = entry.account
    line = EntryLine(
        child_id=account.child_id,
        service_code=account.service_code,
        kind=EntryKind.CORRECTION,
        amount=difference,
        competence_on=entry.competence_on,
        description=reason.strip()[:160],
        key=f"correction:{token}",
        corrects_id=entry.pk,
        payer_id=entry.payer_id,
    )
    posted = post_entries(lines=[line], now=now, actor=actor)
    if posted:
        record(
            action=Action.CHARGE_CORRECTED,
            actor=actor,
            subject_kind="entry",
            subject=entry.public_id,
            now=now,
            details={"cents": difference.cents},
        )
    return bool(posted)
