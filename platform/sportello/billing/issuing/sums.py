"""What a plan comes to, and two of them together: figures and ids, as they are kept with the issue. Pure."""

from collections import Counter
from typing import Any, Final

from sportello.billing.issuing.allotting import Plan

NUMBERS: Final = ("notices", "payers", "in_instalments", "cents")
BY_REASON: Final = ("left_out", "left_out_cents")


def summed(found: Plan) -> dict[str, Any]:
    """`counts` of the notices and of who is left out, and `left_out`: reason -> [payer id, child id, cents] each."""
    count: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    rows: dict[str, list[list[int | None]]] = {}
    for one in found.omitted:
        count[one.reason.value] += 1
        cents[one.reason.value] += one.cents
        rows.setdefault(one.reason.value, []).append([one.payer_id, one.child_id, one.cents])
    counts = {
        "notices": len(found.asked),
        "payers": len({one.payer_id for one in found.asked}),
        "in_instalments": sum(bool(one.instalments) for one in found.asked),
        "cents": sum(one.cents for one in found.asked),
        "left_out": dict(count),
        "left_out_cents": dict(cents),
    }
    return {"counts": counts, "left_out": rows}


def added(before: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Both together; of payers who are not the same.

    >>> none = summed(Plan((), ()))
    >>> added(none, none) == none
    True
    """
    one, other = before["counts"], more["counts"]
    counts = {name: one[name] + other[name] for name in NUMBERS}
    sums = {name: dict(Counter(one[name]) + Counter(other[name])) for name in BY_REASON}
    reasons = before["left_out"].keys() | more["left_out"].keys()
    rows = {why: [*before["left_out"].get(why, ()), *more["left_out"].get(why, ())] for why in sorted(reasons)}
    return {"counts": counts | sums, "left_out": rows}
