"""INPS is asked for the attestation of a child: a row in the caller's transaction, a task once it has committed."""

from datetime import datetime
from typing import Final

from django.db import transaction

from integrations.inps_isee.asking import is_on
from integrations.inps_isee.payload import PROTOCOL
from services_catalog.models import Archetype
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.means.models import EnquiryState, IseeEnquiry
from sportello.means.queries import isee_on
from sportello.means.tasks import ask_inps as ask_inps_task

# What INPS calls our services (PrestazioneDaErogare); whatever it has no word for is "other".
BENEFITS: Final = {Archetype.MEALS.value: "A2.12"}
OTHER_BENEFIT: Final = "Z9.99"


@transaction.atomic
def ask_inps(
    *, child: Child, reason: str, archetype: str, asked_by: Account | None, now: datetime
) -> IseeEnquiry | None:
    """Queues the question and returns it; never fails, so that no application waits for INPS.

    A question already waiting, or an answer the office has not settled, is returned as it is. None where the
    connector is off. `reason` justifies the consultation: the protocol of an application, or the child's file. The
    declaration of the ISEE that holds now is asked for by its protocol; without one, whichever INPS has.
    """
    if not is_on():
        return None
    Child.objects.select_for_update().get(pk=child.pk)
    pending = next((one for one in child.isee_enquiries.all() if _is_pending(one)), None)
    if pending is not None:
        return pending
    held = isee_on(child, now.astimezone(ROME).date())
    made = IseeEnquiry.objects.create(
        child=child,
        asked_by=asked_by,
        asked_at=now,
        reason=reason,
        benefit=BENEFITS.get(archetype, OTHER_BENEFIT),
        dsu_protocol=held.dsu_protocol if held and PROTOCOL.fullmatch(held.dsu_protocol) else "",
        next_attempt_at=now,
    )
    record(
        action=Action.ISEE_READ,
        actor=None if asked_by is None else asked_by.pk,
        subject_kind="child",
        subject=child.public_id,
        now=now,
        details={"event": "inps_asked", "enquiry": str(made.public_id)},
    )
    transaction.on_commit(ask_inps_task.delay)
    return made


def _is_pending(one: IseeEnquiry) -> bool:
    return one.state == EnquiryState.WAITING or one.is_open_finding
