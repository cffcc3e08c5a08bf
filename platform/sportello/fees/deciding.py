"""Deciding what a service costs its children over time: the facts of the families in, drafts of decisions out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from services_catalog.models import Service
from services_catalog.queries import editions_in_force
from sportello.families.models import Child, Pupil
from sportello.fees.arrears import arrears_by_edition
from sportello.fees.isee_dates import Filing
from sportello.fees.models import PriceDecision, RecognisedCondition
from sportello.fees.storing import DecidingReport, store_drafts
from sportello.fees.timeline import EditionSpan, IseeSpan, Member, work_out
from sportello.fees.written import facts_from_json, facts_to_json, steps_from_json, steps_to_json
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.means.queries import isee_standing
from tenants.current import current_municipality

__all__ = [
    "DecidingReport",
    "NoPriceDecided",
    "ServiceUse",
    "decide_prices",
    "facts_from_json",
    "facts_to_json",
    "members_of",
    "price_on",
    "steps_from_json",
    "steps_to_json",
]


class NoPriceDecided(DomainError):
    """The child has no price for the service on that day."""


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """A child uses the service in a period. Brothers and sisters who use it too must be among the uses."""

    child: Child
    period: DateRange


@transaction.atomic
def decide_prices(*, service: Service, uses: Sequence[ServiceUse], within: DateRange, now: datetime) -> DecidingReport:
    """Work out anew what the children of ``uses`` pay on the days of ``within``, as drafts that somebody sends.

    What was sent is never touched (:mod:`sportello.fees.sending` supersedes it); days on which it still holds get no
    draft. Drafts that come out the same are left, so that running twice changes nothing; those on days outside
    ``within`` stay. A fixed number of queries whatever the number of children.
    """
    spans = [
        EditionSpan(edition.pk, edition.period, edition.rules.fees)
        for edition in editions_in_force(service.code, within)
    ]
    members = members_of(uses, spans, now.astimezone(ROME).date())
    outcome = work_out(members, spans, within)
    return store_drafts(
        service=service,
        children={use.child.pk for use in uses},
        outcome=outcome,
        within=within,
        arrears={span.table.arrears.condition for span in spans},
        now=now,
    )


def price_on(*, child: Child, service_code: str, day: date) -> PriceDecision:
    """The price of a unit for a child on a day, as it was sent; raises NoPriceDecided."""
    held = PriceDecision.objects.in_force().filter(child=child, service__code=service_code, valid_during__contains=day)
    found = held.select_related("edition", "service").first()
    if found is None:
        raise NoPriceDecided(
            _("Per il %(day)s non è stata decisa una tariffa per questo bambino."), day=day.strftime("%d/%m/%Y")
        )
    return found


def members_of(
    uses: Sequence[ServiceUse], editions: Sequence[EditionSpan] = (), today: date | None = None
) -> list[Member]:
    """The facts of every child of the uses, and of the other children of their households; a fixed number of queries.

    With the editions that may ask for them, and the day, arrears are among the facts; else nobody's are asked for.
    """
    periods: dict[int, list[DateRange]] = {}
    for use in uses:
        periods.setdefault(use.child.pk, []).append(use.period)
    children = {use.child.pk: use.child for use in uses}
    households = {child.household_id for child in children.values() if child.household_id is not None}
    for other in Child.objects.filter(household__in=households).exclude(pk__in=list(children)):
        children[other.pk] = other
    levels, isee, conditions = _levels(children), _isee(children), _conditions(children)
    if today is not None:
        for child_id, held in arrears_by_edition(children.keys(), editions, today).items():
            conditions.setdefault(child_id, []).extend(held)
    belfiore = current_municipality().belfiore_code
    return [
        Member(
            child_id=pk,
            household_id=child.household_id,
            birth_date=child.birth_date,
            # An unknown residence counts as here: the office asks for it, the price does not presume against a family.
            resident=child.residence_code in ("", belfiore),
            uses=tuple(periods.get(pk, ())),
            levels=tuple(levels.get(pk, ())),
            isee=tuple(isee.get(pk, ())),
            conditions=tuple(conditions.get(pk, ())),
        )
        for pk, child in children.items()
    ]


def _levels(children: Iterable[int]) -> dict[int, list[tuple[DateRange, str]]]:
    found: dict[int, list[tuple[DateRange, str]]] = {}
    placed = Pupil.objects.filter(child__in=list(children)).order_by("pk")
    for child_id, held, level in placed.values_list("child_id", "valid_during", "section__school__level"):
        found.setdefault(child_id, []).append((DateRange.from_bounds(held), level))
    return found


def _isee(children: Iterable[int]) -> dict[int, list[IseeSpan]]:
    """Which attestations stand is decided in ``means.rules``; which of them count and when, by the edition's policy."""
    return {
        child: [
            IseeSpan(
                period=one.period,
                cents=one.cents,
                precedence=precedence,
                filing=Filing(filed_on=one.filed_on),
                state="with_omissions" if one.discrepancies else "attested",
            )
            for one, precedence in held
        ]
        for child, held in isee_standing(children).items()
    }


def _conditions(children: Iterable[int]) -> dict[int, list[tuple[DateRange, str]]]:
    found: dict[int, list[tuple[DateRange, str]]] = {}
    for one in RecognisedCondition.objects.filter(child__in=list(children)).order_by("pk"):
        found.setdefault(one.child_id, []).append((DateRange.from_bounds(one.valid_during), one.condition))
    return found
