"""A clerk says which value counts where INPS and the family differ."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.means.from_inps import replaced_rows, supersede
from sportello.means.models import IseeAttestation, IseeEnquiry, Settlement
from sportello.means.queries import attested


class NothingToSettle(DomainError):
    """The difference has been settled already, or there was none."""

    def __init__(self) -> None:
        super().__init__(_("Non c'è più niente da decidere: qualcuno ha già scelto quale valore vale."))


@transaction.atomic
def confirm_inps_value(*, enquiry: IseeEnquiry, actor: Account, now: datetime) -> DateRange:
    """From now on what INPS said counts, and supersedes what was said of the same declaration.

    Returns the days whose value may have changed: who calls decides their prices anew. Leaves an audit record.
    Raises NothingToSettle.
    """
    held, found = _locked(enquiry)
    gone = replaced_rows(found, asked_by_code=not held.dsu_protocol)
    supersede(gone, now.astimezone(ROME).date())
    found.awaits_office = False
    found.save(update_fields=["awaits_office"])
    _settle(held, Settlement.CONFIRMED, actor, now)
    periods = [attested(row).period for row in [found, *gone]]
    ends = [period.end for period in periods if period.end is not None]
    return DateRange(min(period.start for period in periods), max(ends))


@transaction.atomic
def dismiss_inps_value(*, enquiry: IseeEnquiry, actor: Account, now: datetime) -> None:
    """What counted before goes on counting; what INPS said stays in the file, superseded. Raises NothingToSettle."""
    held, found = _locked(enquiry)
    found.awaits_office = False
    found.superseded_on = now.astimezone(ROME).date()
    found.save(update_fields=["awaits_office", "superseded_on"])
    _settle(held, Settlement.DISMISSED, actor, now)


def _locked(enquiry: IseeEnquiry) -> tuple[IseeEnquiry, IseeAttestation]:
    Child.objects.select_for_update().get(pk=enquiry.child_id)
    held = IseeEnquiry.objects.select_for_update().get(pk=enquiry.pk)
    if not held.is_open_finding or held.attestation_id is None:
        raise NothingToSettle
    return held, IseeAttestation.objects.select_related("child").get(pk=held.attestation_id)


def _settle(held: IseeEnquiry, settlement: Settlement, actor: Account, now: datetime) -> None:
    held.settlement, held.settled_by, held.settled_at = settlement, actor, now
    held.save(update_fields=["settlement", "settled_by", "settled_at"])
    record(
        action=Action.ISEE_CHANGED,
        actor=actor.pk,
        subject_kind="child",
        subject=held.child.public_id,
        now=now,
        details={"event": f"inps_{settlement.value}", "enquiry": str(held.public_id)},
    )
