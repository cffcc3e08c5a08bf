"""Deciding what a service costs its children over time, and keeping each decision with its facts and its steps."""

import json
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from services_catalog.models import Service
from services_catalog.queries import editions_in_force
from sportello.families.models import Child, Pupil
from sportello.fees.isee_dates import Filing
from sportello.fees.models import PriceDecision, RecognisedCondition
from sportello.fees.rules import Facts, Step
from sportello.fees.timeline import Decided, EditionSpan, IseeSpan, Member, Undecided, work_out
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.means.queries import isee_standing
from tenants.current import current_municipality


class NoPriceDecided(DomainError):
    """The child has no price for the service on that day."""


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """A child uses the service in a period. Brothers and sisters who use it too must be among the uses."""

    child: Child
    period: DateRange


@dataclass(frozen=True, slots=True)
class DecidingReport:
    """What a run did: rows that stayed, were made and were taken away, and what nobody could decide."""

    unchanged: int
    made: int
    withdrawn: int
    undecided: tuple[Undecided, ...]


@transaction.atomic
def decide_prices(*, service: Service, uses: Sequence[ServiceUse], within: DateRange, now: datetime) -> DecidingReport:
    """Decide anew the prices of the children of ``uses`` on the days of ``within``.

    Rows that come out the same are left; the others are replaced, so that running twice changes nothing. Decisions on
    days outside ``within`` stay. A fixed number of queries whatever the number of children.
    """
    members = members_of(uses)
    spans = [
        EditionSpan(edition.pk, edition.period, edition.rules.fees)
        for edition in editions_in_force(service.code, within)
    ]
    outcome = work_out(members, spans, within)
    wanted = [
        _row(service, child_id, period, decided, now)
        for child_id, pieces in outcome.decided.items()
        for period, decided in pieces
    ]
    concerned = {use.child.pk for use in uses}
    return _store(service, concerned, within, wanted, tuple(outcome.undecided))


def price_on(*, child: Child, service_code: str, day: date) -> PriceDecision:
    """The price of a unit for a child on a day; raises NoPriceDecided."""
    held = PriceDecision.objects.filter(child=child, service__code=service_code, valid_during__contains=day)
    found = held.select_related("edition", "service").first()
    if found is None:
        raise NoPriceDecided(
            _("Per il %(day)s non è stata decisa una tariffa per questo bambino."), day=day.strftime("%d/%m/%Y")
        )
    return found


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """The facts as a decision keeps them; those that only some tables read, where they say something."""
    kept: dict[str, Any] = {
        "level": facts.level,
        "isee_cents": facts.isee_cents,
        "sibling_rank": facts.sibling_rank,
        "children_using": facts.children_using,
        "conditions": sorted(facts.conditions),
        "resident": facts.resident,
    }
    rare = {"minors": facts.minors, "enrolled": facts.enrolled, "members": facts.members}
    kept |= {name: number for name, number in rare.items() if number != 1}
    kept |= {"isee_state": facts.isee_state} if facts.isee_state != "attested" else {}
    kept |= {} if facts.income_cents is None else {"income_cents": facts.income_cents}
    return kept | ({"amounts": dict(sorted(facts.amounts))} if facts.amounts else {})


def facts_from_json(inputs: dict[str, Any]) -> Facts:
    """The facts a decision keeps."""
    amounts = frozenset(inputs.get("amounts", {}).items())
    return Facts(**{**inputs, "conditions": frozenset(inputs["conditions"]), "amounts": amounts})


def steps_to_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The steps as a decision keeps them; :func:`steps_from_json` reads them back."""
    return [
        {
            "code": step.code,
            "place": step.place,
            "before_cents": step.before_cents,
            "after_cents": step.after_cents,
            "params": step.params,
        }
        for step in steps
    ]


def steps_from_json(steps: Iterable[dict[str, Any]]) -> list[Step]:
    """The steps a decision keeps."""
    return [Step(**step) for step in steps]


def members_of(uses: Sequence[ServiceUse]) -> list[Member]:
    """The facts of every child of the uses, and of the other children of their households; four queries."""
    periods: dict[int, list[DateRange]] = {}
    for use in uses:
        periods.setdefault(use.child.pk, []).append(use.period)
    children = {use.child.pk: use.child for use in uses}
    households = {child.household_id for child in children.values() if child.household_id is not None}
    for other in Child.objects.filter(household__in=households).exclude(pk__in=list(children)):
        children[other.pk] = other
    levels, isee, conditions = _levels(children), _isee(children), _conditions(children)
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
    """Which attestations count is decided in ``means.rules``; on which days, by the policy of the edition."""
    return {
        child: [IseeSpan(one.period, one.cents, precedence, Filing(filed_on=one.filed_on)) for one, precedence in held]
        for child, held in isee_standing(children).items()
    }


def _conditions(children: Iterable[int]) -> dict[int, list[tuple[DateRange, str]]]:
    found: dict[int, list[tuple[DateRange, str]]] = {}
    for one in RecognisedCondition.objects.filter(child__in=list(children)).order_by("pk"):
        found.setdefault(one.child_id, []).append((DateRange.from_bounds(one.valid_during), one.condition))
    return found


def _row(service: Service, child_id: int, period: DateRange, decided: Decided, now: datetime) -> PriceDecision:
    return PriceDecision(
        child_id=child_id,
        service=service,
        edition_id=decided.edition_id,
        valid_during=period.bounds,
        unit_price_cents=decided.price.amount.cents,
        unit=decided.price.unit,
        block_meals=decided.price.block_meals,
        inputs=facts_to_json(decided.facts),
        steps=steps_to_json(decided.price.steps),
        decided_at=now,
    )


def _store(
    service: Service,
    children: set[int],
    within: DateRange,
    wanted: list[PriceDecision],
    undecided: tuple[Undecided, ...],
) -> DecidingReport:
    """Bring the rows of the children in the period to those wanted; rows that reach beyond it are cut at its bounds."""
    held = list(
        PriceDecision.objects.select_for_update().filter(
            service=service, child__in=children, valid_during__overlap=within.bounds
        )
    )
    known = {_identity(row): row.pk for row in held if within.covers(row.period)}
    wished = {_identity(row): row for row in wanted}
    stay = {known[identity] for identity in wished if identity in known}
    fresh = [row for identity, row in wished.items() if identity not in known]
    gone = [row.pk for row in held if row.pk not in stay]
    outside = [_rest(row, piece) for row in held for piece in row.period.subtract(within)]
    PriceDecision.objects.filter(pk__in=gone).delete()
    PriceDecision.objects.bulk_create([*outside, *fresh], batch_size=2000)
    return DecidingReport(unchanged=len(stay), made=len(fresh), withdrawn=len(gone), undecided=undecided)


def _rest(row: PriceDecision, period: DateRange) -> PriceDecision:
    """The part of a decision outside the days decided anew, with everything else as it was."""
    rest = copy(row)
    rest.pk, rest.valid_during = None, period.bounds
    return rest


def _identity(row: PriceDecision) -> tuple[object, ...]:
    bounds = (
        row.valid_during if isinstance(row.valid_during, tuple) else (row.valid_during.lower, row.valid_during.upper)
    )
    # jsonb keeps its own order of keys: compare the sorted text.
    reasons = json.dumps([row.inputs, row.steps], sort_keys=True)
    return (row.child_id, row.edition_id, bounds, row.unit_price_cents, reasons)
