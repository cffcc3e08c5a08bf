"""The comparison itself: both sides read, every child compared, families kept with their figures and reasons."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from onboarding.shadow.models import ExplainedDifference, FamilyState, ShadowFamily, ShadowRun
from onboarding.shadow.ours import Asked, OurChild, other_prices, read_ours
from onboarding.shadow.rules import Difference, Kind, Legacy, Reason, compare
from onboarding.shadow.theirs import TheirChild, Theirs, carried_by_code, read_theirs
from services_catalog.models import Edition, EditionStatus, Service
from sportello.jobs.registry import Progress
from sportello.kernel.month import Month
from sportello.kernel.names import shown_name
from sportello.kernel.school_year import SchoolYear

BATCH: Final = 2000


@dataclass(slots=True)
class _Family:
    """The children of a payer while they are gathered."""

    code: str
    name: str
    children: list[tuple[dict[str, Any], list[Difference]]] = field(default_factory=list)


def compare_month(*, run: ShadowRun, now: datetime, progress: Progress) -> ShadowRun:
    """Compares and keeps what came out; running it again for the same row writes it anew. Nothing else is written."""
    progress.advance(done=0, total=4, message=_("Leggo il vecchio programma"))
    month = Month.of(run.month)
    theirs = read_theirs(run.load, month)
    progress.advance(done=1, message=_("Leggo lo sportello"))
    service = Service.objects.get(code=run.service_code)
    asked = Asked(service, month, run.exported_on)
    ours = read_ours(asked, theirs.children.keys(), carried_by_code() if asked.meals else {})
    progress.advance(done=2, message=_("Confronto famiglia per famiglia"))
    families = _families(run, theirs, ours, _editions(service, month))
    progress.advance(done=3, message=_("Scrivo il risultato"))
    with transaction.atomic():
        return _kept(run, families, theirs, now, progress)


def _editions(service: Service, month: Month) -> list[Edition]:
    """Every edition of the school year that families may have been charged by."""
    year = SchoolYear.of(month.first_day).period
    held = Edition.objects.filter(service=service, valid_during__overlap=year.bounds)
    return list(held.exclude(status=EditionStatus.DRAFT).order_by("pk"))


def _families(run: ShadowRun, theirs: Theirs, ours: dict[int, OurChild], editions: list[Edition]) -> list[_Family]:
    found: dict[str, _Family] = {}
    for code, there, here in _pairs(theirs, ours):
        holds = None if here is None else here.holds
        says = None if there is None else there.says
        if here is not None and holds is not None and says is not None and says.charged not in {None, holds.charged}:
            holds = replace(holds, other_prices=other_prices(here, says, editions))
        differences = compare(says, holds, tolerance=run.tolerance_cents)
        if there is None and not differences:
            continue
        family = _family_of(found, code, there, here)
        family.children.append((_told(run, code, there, here, differences), differences))
    return list(found.values())


def _pairs(theirs: Theirs, ours: dict[int, OurChild]) -> Iterator[tuple[str, TheirChild | None, OurChild | None]]:
    """Everybody once: by fiscal code, and those of the desk who have none by themselves."""
    by_code = {one.code: one for one in ours.values() if one.code}
    for code, there in theirs.children.items():
        yield code, there, by_code.get(code)
    for pk, here in ours.items():
        if not here.code or here.code not in theirs.children:
            yield here.code or f"#{pk}", None, here


def _family_of(found: dict[str, _Family], code: str, there: TheirChild | None, here: OurChild | None) -> _Family:
    """Of the payer as the desk knows her, else as the file does, else of the child alone."""
    payer, name = (here.payer_code, here.payer_name) if here is not None else ("", "")
    if not name and there is not None:
        payer, name = there.payer_code, shown_name(there.payer_name)
    key = payer or name or code
    family = found.get(key)
    if family is None:
        family = found[key] = _Family(payer[:16], (name or _name_of(there, here))[:170])
    return family


def _name_of(there: TheirChild | None, here: OurChild | None) -> str:
    return here.name if here is not None else shown_name(there.name) if there is not None else ""


def _told(
    run: ShadowRun, code: str, there: TheirChild | None, here: OurChild | None, differences: Iterable[Difference]
) -> dict[str, Any]:
    """The child as it is kept."""
    says = there.says if there is not None else Legacy()
    holds = here.holds if here is not None else None
    return {
        "name": _name_of(there, here),
        "code": code,
        "legacy": {"meals": says.meals, "charged": says.charged, "balance": says.balance},
        "ours": {
            "meals": holds.meals if holds else None,
            "charged": holds.charged if holds else None,
            "balance": holds.balance if holds else None,
        },
        "differences": [
            {
                "key": key_of(run, code, one),
                "kind": one.kind.value,
                "reason": one.reason.value,
                "legacy": one.legacy,
                "ours": one.ours,
                "amount": one.amount,
                "days": [day.isoformat() for day in one.days],
            }
            for one in differences
        ],
    }


def key_of(run: ShadowRun, code: str, one: Difference) -> str:
    """What names a difference in every comparison of that month in which it comes out the same."""
    facts = (run.service_code, run.month.isoformat(), code, one.kind, one.reason, one.legacy, one.ours, one.amount)
    return hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()[:32]


def _kept(run: ShadowRun, families: list[_Family], theirs: Theirs, now: datetime, progress: Progress) -> ShadowRun:
    ShadowFamily.objects.filter(run=run).delete()
    explained = set(ExplainedDifference.standing.order_by().values_list("key", flat=True))
    rows = [_row(run, family, explained) for family in families]
    ShadowFamily.objects.bulk_create(rows, batch_size=BATCH)
    run.totals = _totals(rows, families, theirs)
    run.finished_at = now
    run.failure = ""
    run.save(update_fields=["totals", "finished_at", "failure"])
    progress.advance(done=4, message=_("Confronto finito"))
    return run


def _row(run: ShadowRun, family: _Family, explained: set[str]) -> ShadowFamily:
    differences = [one for _child, found in family.children for one in found]
    children = [child for child, _found in family.children]
    row = ShadowFamily(
        run=run,
        payer_code=family.code,
        name=family.name,
        reasons=sorted({one.reason.value for one in differences}),
        kinds=sorted({one.kind.value for one in differences}),
        legacy_meals=sum(child["legacy"]["meals"] or 0 for child in children),
        our_meals=sum(child["ours"]["meals"] or 0 for child in children),
        gap_cents=sum(one.amount for one in differences if one.kind is Kind.BALANCE),
        children=children,
    )
    weigh(row, explained)
    return row


def weigh(row: ShadowFamily, explained: set[str]) -> None:
    """Says of a family what still waits for a person (not saved)."""
    told = row.differences()
    waiting = [one for one in told if is_waiting(one["reason"]) and one["key"] not in explained]
    row.waiting = [one["key"] for one in waiting]
    row.unexplained = sum(one["reason"] == Reason.UNEXPLAINED for one in waiting)
    row.state = FamilyState.OPEN if waiting else FamilyState.SETTLED if told else FamilyState.EQUAL


def is_waiting(reason: str) -> bool:
    """Whether a reason by itself asks for a person."""
    return Difference(Kind.CHILD, Reason(reason), None, None, 0).waits


def _totals(rows: list[ShadowFamily], families: list[_Family], theirs: Theirs) -> dict[str, Any]:
    """Both sides in figures; sums are those of the children whose figure both sides tell, and of all where one does."""
    sums: dict[str, dict[str, int]] = {"legacy": defaultdict(int), "ours": defaultdict(int)}
    reasons: Counter[str] = Counter()
    children = 0
    for family in families:
        for child, differences in family.children:
            children += 1
            reasons.update(one.reason.value for one in differences)
            for side, other in (("legacy", "ours"), ("ours", "legacy")):
                for figure, value in child[side].items():
                    if value is not None and (child[other][figure] is not None or side == "legacy" or _alone(child)):
                        sums[side][figure] += value
    states = Counter(row.state for row in rows)
    return {
        "families": len(rows),
        "children": children,
        "nameless": theirs.nameless,
        "equal": states[FamilyState.EQUAL],
        "settled": states[FamilyState.SETTLED],
        "open": states[FamilyState.OPEN],
        "reasons": dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        **{side: dict(figures) for side, figures in sums.items()},
    }


def _alone(child: dict[str, Any]) -> bool:
    """A child that the file does not name counts on our side: that is part of the difference."""
    return all(value is None for value in child["legacy"].values())
