"""Which ISEE counts."""

from collections.abc import Iterable
from datetime import date

from sportello.families.models import Child
from sportello.means.models import IseeAttestation, IseeKind


def _precedence(attestation: IseeAttestation) -> tuple[bool, date, int]:
    return attestation.kind == IseeKind.CURRENT, attestation.filed_on, attestation.pk


def isee_on(child: Child, day: date) -> IseeAttestation | None:
    """The attestation that counts for the child on a day: a current ISEE in force replaces the others
    (DPCM 159/2013 art. 9), then the one filed last; None when none is valid that day.
    """
    return isee_of_many([child], day).get(child.pk)


def isee_of_many(children: Iterable[Child], day: date) -> dict[int, IseeAttestation]:
    """As :func:`isee_on` for many children in one query, by the child's id."""
    found: dict[int, IseeAttestation] = {}
    held = IseeAttestation.objects.filter(
        child__in=[child.pk for child in children], valid_during__contains=day, filed_on__lte=day
    )
    for attestation in held:
        known = found.get(attestation.child_id)
        if known is None or _precedence(attestation) > _precedence(known):
            found[attestation.child_id] = attestation
    return found
