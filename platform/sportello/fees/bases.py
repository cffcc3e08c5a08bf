"""The first step of a price: what the base of the table gives for a child. Pure."""

from collections.abc import Sequence
from typing import assert_never

from services_catalog.fee_table import (
    Base,
    CostShare,
    ExcessSlope,
    FlatBands,
    IseePolicy,
    IseeRow,
    Matrix,
    PiecewiseLinear,
    Segment,
    SinglePrice,
    StatedAmount,
)
from services_catalog.fees.holding import holds, within
from sportello.fees.facts import (
    BandReason,
    FactNotGiven,
    Facts,
    FeesToConfirm,
    IseeRequired,
    NoBandForIsee,
    NoColumnForChild,
    NoCostForLevel,
    Param,
    SeveralBandsForIsee,
    SeveralColumnsForChild,
    Step,
)
from sportello.fees.operations import step
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money


def base_step(base: Base, policy: IseePolicy, facts: Facts, place: str, *, lower: int = 0) -> Step:
    """What the base gives, read ``lower`` bands below the child's own. Raises what the table cannot say."""
    match base:
        case FlatBands() | PiecewiseLinear():
            return _by_band(base, policy, facts, place, lower)
        case CostShare():
            return _cost_share(base, policy, facts, place, lower)
        case SinglePrice(amount=amount):
            return step("single_price", place, None, {"amount": amount.cents})
        case ExcessSlope():
            return _slope(base, policy, facts, place)
        case Matrix():
            return _cell(base, policy, facts, place, lower)
        case StatedAmount():
            return _stated(base, facts, place)
        case _:
            assert_never(base)


def shiftable(base: Base, policy: IseePolicy, facts: Facts, *, not_last: bool) -> bool:
    """Whether a child may be read in a lower band: it has an ISEE that counts, above the first band."""
    if not isinstance(base, FlatBands | CostShare | Matrix):
        return False
    rows: Sequence[IseeRow] = base.rows if isinstance(base, Matrix) else base.bands
    index, why = _row(rows, policy, facts, 0)
    order = _by_isee(rows)
    return why == "isee" and index != order[0] and not (not_last and index == order[-1])


def _by_band(base: FlatBands | PiecewiseLinear, policy: IseePolicy, facts: Facts, place: str, lower: int) -> Step:
    if isinstance(base, PiecewiseLinear):
        index, why = _row(base.segments, policy, facts, lower)
        return _line(base.segments[index], why, facts, f"{place}.segments[{index}]")
    index, why = _row(base.bands, policy, facts, lower)
    params = _band_params(base.bands[index], why) | {"amount": base.bands[index].amount.cents}
    return step("band", f"{place}.bands[{index}]", None, params)


def _stated(base: StatedAmount, facts: Facts, place: str) -> Step:
    if base.to_confirm:
        raise FeesToConfirm(gettext_noop("Tariffe da confermare: il Comune non ha ancora stabilito quanto si paga."))
    stated = dict(facts.amounts).get(base.name)
    if stated is None:
        raise FactNotGiven(gettext_noop("Manca l'importo «%(name)s», deciso da un altro atto."), name=base.name)
    return step("stated_amount", place, None, {"amount": stated, "name": base.name})


def _by_isee(rows: Sequence[IseeRow]) -> list[int]:
    return sorted(range(len(rows)), key=lambda index: rows[index].isee_from)


def _row(rows: Sequence[IseeRow], policy: IseePolicy, facts: Facts, lower: int) -> tuple[int, BandReason]:
    """Which row counts for the child, and why it: by its ISEE, or the top row for want of one."""
    order = _by_isee(rows)
    if not facts.resident and policy.non_resident == "top_band":
        return order[-1], "non_resident"
    if facts.isee_cents is None:
        return order[-1], _unseen(policy, facts)
    found = [index for index in order if within(rows[index].isee_from, rows[index].isee_to, facts.isee_cents)]
    if len(found) == 1:
        return order[max(0, order.index(found[0]) - lower)], "isee"
    isee = Money(facts.isee_cents).format()
    if found:
        raise SeveralBandsForIsee(gettext_noop("Per l'ISEE %(isee)s la tariffa ha più di una fascia."), isee=isee)
    raise NoBandForIsee(gettext_noop("Per l'ISEE %(isee)s la tariffa non ha una fascia."), isee=isee)


def _unseen(policy: IseePolicy, facts: Facts) -> BandReason:
    """Why no ISEE counts; raises IseeRequired where the Comune gives no price without one."""
    if policy.missing == "refused":
        raise IseeRequired(gettext_noop("Senza un ISEE valido il Comune non stabilisce una tariffa."))
    return "missing" if facts.isee_state == "attested" else "not_accepted"


def _band_params(row: IseeRow, reason: BandReason) -> dict[str, Param]:
    params: dict[str, Param] = {
        "isee_from": row.isee_from.cents,
        "isee_to": None if row.isee_to is None else row.isee_to.cents,
        "reason": reason,
    }
    return params | {"assumption": row.assumption} if row.assumption else params


def _cost_share(base: CostShare, policy: IseePolicy, facts: Facts, place: str, lower: int) -> Step:
    index, why = _row(base.bands, policy, facts, lower)
    share = base.bands[index]
    params = _band_params(share, why) | {
        "percent": str(share.share_percent),
        "unit_cost": _unit_cost(base, facts.level).cents,
        "level": facts.level,
    }
    if share.printed is not None:
        params["printed"] = share.printed.cents
    return step("cost_share", f"{place}.bands[{index}]", None, params)


def _unit_cost(base: CostShare, level: str) -> Money:
    for cost in base.unit_costs:
        if cost.level == level:
            return cost.unit_cost
    raise NoCostForLevel(gettext_noop("La tariffa non dice il costo unitario per il grado «%(level)s»."), level=level)


def _line(segment: Segment, why: BandReason, facts: Facts, place: str) -> Step:
    params = _band_params(segment, why)
    if why != "isee" or segment.isee_to is None or facts.isee_cents is None:
        return step("highest", place, None, params | {"amount": segment.end_amount.cents})
    return step(
        "line",
        place,
        None,
        params
        | {
            "isee": facts.isee_cents,
            "amount_from": segment.amount_from.cents,
            "amount_to": segment.end_amount.cents,
        },
    )


def _slope(base: ExcessSlope, policy: IseePolicy, facts: Facts, place: str) -> Step:
    highest = None if base.highest is None else base.highest.cents
    top = not facts.resident and policy.non_resident == "top_band"
    if top or facts.isee_cents is None:
        why: BandReason = "non_resident" if top else _unseen(policy, facts)
        if highest is None:
            raise IseeRequired(gettext_noop("Senza un ISEE valido il Comune non stabilisce una tariffa."))
        bounds: dict[str, Param] = {"isee_from": base.threshold.cents, "isee_to": None, "reason": why}
        return step("highest", place, None, bounds | {"amount": highest})
    params: dict[str, Param] = {
        "isee": facts.isee_cents,
        "threshold": base.threshold.cents,
        "percent": str(base.percent_of_excess),
        "lowest": base.lowest.cents,
        "highest": highest,
    }
    return step("slope", place, None, params | ({"assumption": base.assumption} if base.assumption else {}))


def _cell(base: Matrix, policy: IseePolicy, facts: Facts, place: str, lower: int) -> Step:
    index, why = _row(base.rows, policy, facts, lower)
    held = [number for number, column in enumerate(base.columns) if holds(column.when, facts)]
    if not held:
        raise NoColumnForChild(gettext_noop("Nessuna colonna della tariffa vale per questo bambino."))
    if len(held) > 1:
        codes = ", ".join(base.columns[number].code for number in held)
        sentence = gettext_noop("Più colonne della tariffa valgono per questo bambino: %(codes)s.")
        raise SeveralColumnsForChild(sentence, codes=codes)
    column, amount = base.columns[held[0]], base.rows[index].amounts[held[0]]
    params = _band_params(base.rows[index], why) | {"amount": amount.cents, "column": column.code}
    if column.assumption:
        params["assumption"] = column.assumption
    return step("cell", f"{place}.rows[{index}].amounts[{held[0]}]", None, params)
