"""The protocol register: one number after the other in each year, without holes (DPR 445/2000 art. 53)."""

from datetime import datetime

from sportello.applications.models import ProtocolCounter, ProtocolRecord
from sportello.kernel.clock import ROME


def register(*, subject: str, now: datetime) -> ProtocolRecord:
    """Take the next number of the year, in the caller's transaction.

    The counter's row stays locked until that transaction ends: a rollback gives the number back. The subject must
    hold no personal data.
    """
    year = now.astimezone(ROME).year
    ProtocolCounter.objects.get_or_create(year=year)
    counter = ProtocolCounter.objects.select_for_update().get(year=year)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return ProtocolRecord.objects.create(year=year, number=counter.last_number, registered_at=now, subject=subject)
