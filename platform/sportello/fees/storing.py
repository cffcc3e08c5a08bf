"""Keeping what a run worked out: drafts are rewritten where they differ, what was sent is only read."""

import json
from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime

from services_catalog.models import Service
from sportello.fees.drafting import Draft, drafts_for
from sportello.fees.models import DecisionStatus, PriceDecision
from sportello.fees.reasons import Verdict
from sportello.fees.timeline import Decided, Outcome, Undecided
from sportello.fees.written import facts_from_json, facts_to_json, steps_to_json
from sportello.kernel.dates import DateRange


@dataclass(frozen=True, slots=True)
class DecidingReport:
    """What a run did to the drafts: how many stayed, were made and were taken away, and what nobody could decide."""

    unchanged: int
    made: int
    withdrawn: int
    undecided: tuple[Undecided, ...]


@dataclass(slots=True)
class _Held:
    """The rows of one child that overlap the days decided anew."""

    sent: list[PriceDecision] = field(default_factory=list)
    drafts: list[PriceDecision] = field(default_factory=list)


def store_drafts(
    *,
    service: Service,
    children: Collection[int],
    outcome: Outcome,
    within: DateRange,
    arrears: Collection[str],
    now: datetime,
) -> DecidingReport:
    """Bring the drafts of the children on those days to what was worked out; joins the caller's transaction."""
    held = _held(service, children, within)
    undecided: dict[int, list[DateRange]] = {}
    for one in outcome.undecided:
        undecided.setdefault(one.child_id, []).append(one.period)
    wished: dict[tuple[object, ...], PriceDecision] = {}
    for child_id in children:
        drafts = drafts_for(
            wanted=[(period, _verdict(one)) for period, one in outcome.decided.get(child_id, [])],
            sent=[(row.period, _verdict_sent(row)) for row in held[child_id].sent] if child_id in held else [],
            undecided=undecided.get(child_id, []),
            within=within,
            arrears=arrears,
        )
        for period, draft in drafts:
            row = _row(service, child_id, period, draft, now)
            wished[_identity(row, period)] = row
    return _rewrite(held.values(), wished, within, tuple(outcome.undecided))


def _held(service: Service, children: Collection[int], within: DateRange) -> dict[int, _Held]:
    rows = PriceDecision.objects.select_for_update().filter(
        service=service,
        child__in=children,
        status__in=(DecisionStatus.DRAFT, DecisionStatus.SENT),
        valid_during__overlap=within.bounds,
    )
    held: dict[int, _Held] = {}
    for row in rows:
        one = held.setdefault(row.child_id, _Held())
        (one.drafts if row.status == DecisionStatus.DRAFT else one.sent).append(row)
    return held


def _rewrite(
    held: Iterable[_Held],
    wished: dict[tuple[object, ...], PriceDecision],
    within: DateRange,
    undecided: tuple[Undecided, ...],
) -> DecidingReport:
    """Drafts that come out the same stay; those that reach beyond the days are cut at their bounds."""
    drafts = [row for one in held for row in one.drafts]
    known = {_identity(row, row.period): row.pk for row in drafts if within.covers(row.period)}
    stay = {known[identity] for identity in wished if identity in known}
    fresh = [row for identity, row in wished.items() if identity not in known]
    gone = [row.pk for row in drafts if row.pk not in stay]
    outside = [part_of(row, piece) for row in drafts for piece in row.period.subtract(within)]
    if gone:
        PriceDecision.objects.filter(pk__in=gone).delete()
    PriceDecision.objects.bulk_create([*outside, *fresh], batch_size=2000)
    return DecidingReport(unchanged=len(stay), made=len(fresh), withdrawn=len(gone), undecided=undecided)


def part_of(row: PriceDecision, period: DateRange) -> PriceDecision:
    """A new row for a part of the days of a decision, with everything else as it was."""
    part = copy(row)
    part.pk, part.valid_during = None, period.bounds
    part._state = copy(row._state)  # noqa: SLF001 -- Django's documented way to copy a row
    part._state.adding = True  # noqa: SLF001
    return part


def _verdict(decided: Decided) -> Verdict:
    price = decided.price
    steps = _text(steps_to_json(price.steps))
    return Verdict(decided.edition_id, price.amount.cents, price.unit, price.block_meals, decided.facts, steps)


def _verdict_sent(row: PriceDecision) -> Verdict:
    facts = facts_from_json(row.inputs)
    return Verdict(row.edition_id, row.unit_price_cents, row.unit, row.block_meals, facts, _text(row.steps))


def _row(service: Service, child_id: int, period: DateRange, draft: Draft, now: datetime) -> PriceDecision:
    verdict = draft.verdict
    return PriceDecision(
        child_id=child_id,
        service=service,
        edition_id=verdict.edition_id,
        valid_during=period.bounds,
        unit_price_cents=verdict.cents,
        unit=verdict.unit,
        block_meals=verdict.block_meals,
        inputs=facts_to_json(verdict.facts),
        steps=json.loads(verdict.steps),
        decided_at=now,
        ends=draft.ends,
        reasons=list(draft.reasons),
        before_cents=draft.before_cents,
    )


def _identity(row: PriceDecision, period: DateRange) -> tuple[object, ...]:
    said = _text([row.inputs, row.steps, row.reasons])
    return (row.child_id, row.edition_id, period, row.unit_price_cents, row.before_cents, row.ends, said)


def _text(value: object) -> str:
    """jsonb keeps its own order of keys: compare the sorted text."""
    return json.dumps(value, sort_keys=True)
