"""A parent states the ISEE of a child."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.families.models import Child
from sportello.kernel.errors import DomainError
from sportello.kernel.isee import Isee
from sportello.means.models import IseeAttestation, IseeKind, Provenance


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

    Stating again the ISEE of the same kind, day and source corrects it. Raises IseeNotYetFiled or IseeLapsed.
    """
    check_filing_day(filed_on=filed_on, today=today)
    attestation, _created = IseeAttestation.objects.update_or_create(
        child=child,
        kind=kind,
        filed_on=filed_on,
        provenance=provenance,
        defaults={
            "amount_cents": isee.cents,
            "dsu_protocol": dsu_protocol,
            "valid_during": (filed_on, date(filed_on.year + 1, 1, 1)),
        },
    )
    return attestation


@transaction.atomic
def share_isee(*, attestation: IseeAttestation, child: Child) -> IseeAttestation:
    """Keep for another child of the family the ISEE its parent chose to use: same value, source and validity.

    For a child who has that attestation already nothing changes.
    """
    shared, _created = IseeAttestation.objects.get_or_create(
        child=child,
        kind=attestation.kind,
        filed_on=attestation.filed_on,
        provenance=attestation.provenance,
        defaults={
            "amount_cents": attestation.amount_cents,
            "dsu_protocol": attestation.dsu_protocol,
            "valid_during": attestation.valid_during,
        },
    )
    return shared
