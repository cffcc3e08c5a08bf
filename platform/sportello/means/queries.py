"""Which ISEE counts."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from sportello.families.models import Child
from sportello.kernel.dates import DateRange
from sportello.means.models import IseeAttestation
from sportello.means.policy import policy_of_comune
from sportello.means.rules import (
    Attested,
    HoldingPolicy,
    Kind,
    Precedence,
    Source,
    beneficiary_of,
    holding_on,
    over_time,
    standing,
)


def attested(row: IseeAttestation) -> Attested:
    """A row as the rules read it."""
    bounds = row.valid_during
    return Attested(
        number=row.pk,
        kind=Kind(row.kind),
        source=Source(row.provenance),
        cents=row.amount_cents,
        period=DateRange(*bounds) if isinstance(bounds, tuple) else DateRange.from_bounds(bounds),
        filed_on=row.filed_on,
        dsu_protocol=row.dsu_protocol,
        discrepancies=tuple(code for code in row.discrepancies.split(",") if code),
        other_parent=row.other_parent,
        awaits_office=row.awaits_office,
        superseded=row.superseded_on is not None,
    )


def isee_on(child: Child, day: date) -> IseeAttestation | None:
    """The attestation that holds for the child on a day, as `rules.holding_on` decides; None when none does."""
    return isee_of_many([child], day).get(child.pk)


def isee_of_many(children: Iterable[Child], day: date) -> dict[int, IseeAttestation]:
    """As :func:`isee_on` for many children in one query, by the child's id."""
    policy = policy_of_comune()
    found: dict[int, IseeAttestation] = {}
    for child, rows in _rows(child.pk for child in children).items():
        facts = [attested(row) for row in rows]
        held = holding_on(facts, beneficiary_of(facts), day, policy).attested
        if held is not None:
            found[child] = next(row for row in rows if row.pk == held.number)
    return found


def isee_over_time(children: Iterable[int]) -> dict[int, list[tuple[DateRange, int]]]:
    """The cents that count for each of the children, period by period, by the child's id; one query."""
    policy = policy_of_comune()
    found = {}
    for child, rows in _rows(children).items():
        facts = [attested(row) for row in rows]
        found[child] = over_time(facts, beneficiary_of(facts), policy)
    return found


def isee_standing(children: Iterable[int]) -> dict[int, list[tuple[Attested, Precedence]]]:
    """The attestations that stand for each of the children, with their precedence, by the child's id; one query.

    Those with omissions and discrepancies too: each edition says whether it accepts them.
    """
    policy = HoldingPolicy(accepts_discrepancies=True)
    found = {}
    for child, rows in _rows(children).items():
        facts = [attested(row) for row in rows]
        found[child] = standing(facts, beneficiary_of(facts), policy)
    return found


def counting_on(day: date) -> QuerySet[IseeAttestation]:
    """Those that may count on a day, for the yes or no of a list: which of them holds, `isee_on` says."""
    countable = IseeAttestation.objects.filter(
        superseded_on__isnull=True, awaits_office=False, valid_during__contains=day, filed_on__lte=day
    )
    return countable if policy_of_comune().accepts_discrepancies else countable.filter(discrepancies="")


def _rows(children: Iterable[int]) -> dict[int, list[IseeAttestation]]:
    found: dict[int, list[IseeAttestation]] = {}
    for row in IseeAttestation.objects.filter(child__in=list(children)).order_by("pk"):
        found.setdefault(row.child_id, []).append(row)
    return found
