"""The figures of a comparison for both faces."""

from typing import Any

from django.db.models import Count

from onboarding.shadow.models import FamilyState, ShadowFamily, ShadowRun
from onboarding.shadow.rules import Kind, Reason
from onboarding.shadow.words import KINDS, LABELS, figure, signed


def summary_of(run: ShadowRun) -> dict[str, Any]:  # what a template shows
    """Families by state as of now, figures of both sides, reasons by frequency."""
    counted = ShadowFamily.objects.filter(run=run).order_by().values("state").annotate(n=Count("pk"))
    states = {row["state"]: row["n"] for row in counted}
    totals = run.totals
    return {
        "run": run,
        "families": sum(states.values()),
        "equal": states.get(FamilyState.EQUAL, 0),
        "settled": states.get(FamilyState.SETTLED, 0),
        "open": states.get(FamilyState.OPEN, 0),
        "nameless": totals.get("nameless", 0),
        "figures": _figures(totals),
        "reasons": [(code, LABELS[Reason(code)], count) for code, count in totals.get("reasons", {}).items()],
    }


def _figures(totals: dict[str, Any]) -> list[dict[str, object]]:
    """A line for each figure that the file tells."""
    legacy, ours = totals.get("legacy", {}), totals.get("ours", {})
    lines = []
    for name, kind in (("meals", Kind.MEALS), ("charged", Kind.CHARGE), ("balance", Kind.BALANCE)):
        if name in legacy:
            here = ours.get(name, 0)
            lines.append(
                {
                    "label": KINDS[kind],
                    "legacy": figure(kind, legacy[name]),
                    "ours": figure(kind, here),
                    "gap": signed(kind, here - legacy[name]),
                    "equal": here == legacy[name],
                }
            )
    return lines
