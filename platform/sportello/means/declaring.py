"""A parent states the ISEE of a child."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.families.models import Child
from sportello.kernel.errors import DomainError
from sportello.kernel.isee import Isee
from sportello.means.models import IseeAttestation, IseeKind, Provenance
from sportello.means.rules import Kind, period_of_validity


class IseeNotYetFiled(DomainError):
    """The declaration behind the ISEE bears a date to come."""


class IseeLapsed(DomainError):
    """The declaration behind the ISEE is of an earlier year: it lapsed on 31 December (DPCM 159/2013 art. 10)."""


def check_filing_day(*, filed_on: date, today: date) -> None:
    """Raises IseeNotYetFiled or IseeLapsed when an ISEE filed that day cannot be used today."""
    if filed_on > today:
        raise IseeNotYetFiled(_("La DSU non può avere una data futura."))
    if filed_on.year < today.year:
        raise IseeLapsed(_("L'ISEE del %(year)s è scaduto il 31 dicembre: presenta una DSU nuova."), year=filed_on.year)


@transaction.atomic
def declare_isee(
    *,
    child: Child,
    isee: Isee,
    dsu_protocol: str,
    filed_on: date,
    today: date,
    kind: IseeKind = IseeKind.MINORS,
    provenance: Provenance = Provenance.DECLARED,
) -> IseeAttestation:
    """Keep an ISEE value for a child, valid from the day of the declaration to 31 December of its year.

    Stating again the ISEE of the same kind, day and source corrects it: the one before stays, superseded.
    Raises IseeNotYetFiled or IseeLapsed.
    """
    check_filing_day(filed_on=filed_on, today=today)
    Child.objects.select_for_update().get(pk=child.pk)
    same = {"child": child, "kind": kind, "filed_on": filed_on, "provenance": provenance, "superseded_on": None}
    stated = {"amount_cents": isee.cents, "dsu_protocol": dsu_protocol}
    known = IseeAttestation.objects.filter(awaits_office=False, **same).first()
    if known is not None and (known.amount_cents, known.dsu_protocol) == (isee.cents, dsu_protocol):
        return known
    if known is not None:
        known.superseded_on = today
        known.save(update_fields=["superseded_on"])
    period = period_of_validity(Kind(kind), filed_on)
    return IseeAttestation.objects.create(valid_during=period.bounds, **same, **stated)


@transaction.atomic
def share_isee(*, attestation: IseeAttestation, child: Child) -> IseeAttestation:
    """Keep for another child of the family the ISEE its parent chose to use: same value and validity.

    For a child who has that attestation already nothing changes. What INPS said of one child is for another only
    declared: her own figure may differ.
    """
    if attestation.child_id == child.pk:
        return attestation
    from_inps = attestation.provenance == Provenance.INPS
    shared, _created = IseeAttestation.objects.get_or_create(
        child=child,
        kind=attestation.kind,
        filed_on=attestation.filed_on,
        provenance=Provenance.DECLARED if from_inps else attestation.provenance,
        superseded_on=None,
        awaits_office=False,
        defaults={
            "amount_cents": attestation.amount_cents,
            "dsu_protocol": attestation.dsu_protocol,
            "valid_during": attestation.valid_during,
            "discrepancies": attestation.discrepancies,
        },
    )
    return shared
