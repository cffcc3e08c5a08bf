"""The arithmetic of each step, from what the step recorded alone. Pure; cents in, cents out.

The engine makes every step through :func:`step`, so that what is kept can always be worked out again: no table, no
edition and no clock is needed to check a price years later.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from sportello.fees.facts import Param, Step, StepCode
from sportello.kernel.errors import DomainError, gettext_noop
from sportello.kernel.money import Money, round_half_up

type Params = Mapping[str, Param]
type Operation = Callable[[int, Params], int]


class NotReplayable(DomainError):
    """A step does not hold what it takes to work it out again."""


def step(code: StepCode, place: str, before: int | None, params: dict[str, Param]) -> Step:
    """A step with the amount its own record gives."""
    return Step(code, place, before, worked_out(code, before, params), params)


def worked_out(code: StepCode, before: int | None, params: Params) -> int:
    """The cents a step leaves. Raises NotReplayable when its record lacks something."""
    try:
        return OPERATIONS[code](before or 0, params)
    except KeyError as missing:
        sentence = gettext_noop("Il passaggio «%(code)s» non conserva «%(name)s»: non si può rifare il conto.")
        raise NotReplayable(sentence, code=code, name=str(missing.args[0])) from missing


def replayed(steps: Iterable[Step]) -> int:
    """The cents a chain of steps gives, worked out again from what each recorded; amounts between are not read."""
    value: int | None = None
    for one in steps:
        if one.code != "replacement":  # says which base is used; the base itself follows
            value = worked_out(one.code, value, one.params)
    return value or 0


def _cents(params: Params, name: str) -> int:
    value = params[name]
    if not isinstance(value, int):
        raise KeyError(name)
    return value


def _percent(params: Params, name: str = "percent") -> Fraction:
    return Fraction(Decimal(str(params[name])))


def _less(before: int, params: Params) -> int:
    return round_half_up(before * (100 - _percent(params)) / 100)


def _cost_share(_before: int, params: Params) -> int:
    if params.get("printed") is not None:
        return _cents(params, "printed")
    return round_half_up(_cents(params, "unit_cost") * _percent(params) / 100)


def _line(_before: int, params: Params) -> int:
    x, x1, x2 = (_cents(params, name) for name in ("isee", "isee_from", "isee_to"))
    y1, y2 = _cents(params, "amount_from"), _cents(params, "amount_to")
    return y1 if x1 == x2 else round_half_up(y1 + Fraction((x - x1) * (y2 - y1), x2 - x1))


def _slope(_before: int, params: Params) -> int:
    excess = max(0, _cents(params, "isee") - _cents(params, "threshold"))
    amount = round_half_up(_cents(params, "lowest") + excess * _percent(params) / 100)
    return amount if params["highest"] is None else min(amount, _cents(params, "highest"))


def _fixed(before: int, params: Params) -> int:
    amount = _cents(params, "amount")
    return min(before, amount) if params["only_if_lower"] else amount


def _rounding(before: int, params: Params) -> int:
    to = _cents(params, "to")
    match params.get("how", "half_up"):
        case "down":
            return before // to * to
        case "up":
            return -(-before // to) * to
        case _:
            return round_half_up(Fraction(before, to)) * to


def _times(before: int, params: Params) -> int:
    count = max(0, _cents(params, "count") - _cents(params, "free"))
    if count:
        count = max(count, _cents(params, "at_least"))
    lot = _cents(params, "lot")
    return before * (-(-count // lot) * lot)


def _parts(before: int, params: Params) -> int:
    used = Fraction(min(_cents(params, "count"), _cents(params, "of")), _cents(params, "of"))
    return round_half_up(before * max(used, _percent(params) / 100))


def _absence_share(before: int, params: Params) -> int:
    days = _cents(params, "of")
    missed = min(days, max(0, _cents(params, "count") - _cents(params, "spared")))
    return round_half_up(Fraction(before * (days - missed), days)) if days else before


def _each_time(before: int, params: Params) -> int:
    times = max(0, _cents(params, "count") - _cents(params, "spared"))
    return max(0, before - times * _cents(params, "amount"))


def _days_share(before: int, params: Params) -> int:
    return round_half_up(Fraction(before * _cents(params, "count"), _cents(params, "of")))


def _amount(_before: int, params: Params) -> int:
    return _cents(params, "amount")


def _same(before: int, _params: Params) -> int:
    return before


def _nothing(_before: int, _params: Params) -> int:
    return 0


OPERATIONS: Final[dict[StepCode, Operation]] = {
    "band": _amount,
    "single_price": _amount,
    "stated_amount": _amount,
    "cell": _amount,
    "highest": _amount,
    "band_shift": _amount,
    "cost_share": _cost_share,
    "line": _line,
    "slope": _slope,
    "replacement": _same,
    "arrears": _same,
    "best_of": _same,
    "sibling_discount": _less,
    "condition_discount": _less,
    "discount": _less,
    "isee_discount": _less,
    "count_discount": _less,
    "discount_amount": lambda before, params: max(0, before - _cents(params, "amount")),
    "surcharge": lambda before, params: round_half_up(before * (100 + _percent(params)) / 100),
    "surcharge_amount": lambda before, params: before + _cents(params, "amount"),
    "sibling_price": _fixed,
    "fixed_price": _fixed,
    "exemption": _nothing,
    "not_due": _nothing,
    "added_up": lambda before, params: max(0, before - (_cents(params, "of") - _cents(params, "to"))),
    "rounding": _rounding,
    "minimum": lambda before, params: max(before, _cents(params, "amount")),
    "maximum": lambda before, params: min(before, _cents(params, "amount")),
    "times": _times,
    "parts": _parts,
    "absence_share": _absence_share,
    "each_time": _each_time,
    "sum": lambda before, params: before + _cents(params, "added"),
    "together": lambda before, params: before + _cents(params, "amount"),
    "days_share": _days_share,
    "instalment": lambda before, params: Money(before).share(Decimal(str(params["percent"]))).cents,
    "instalment_rest": lambda before, params: before - _cents(params, "amount"),
    "already_charged": lambda before, params: before - _cents(params, "amount"),
}


def rounded(before: int, to: Money, how: str, place: str) -> Step | None:
    """The rounding of an amount, when it changes it."""
    made = step("rounding", place, before, {"to": to.cents, "how": how})
    return None if made.after_cents == before else made
