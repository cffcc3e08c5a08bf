"""What a price depends on, and what comes of it: facts of a child, use of the service, steps, price. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services_catalog.fee_table import Counted, IseeState
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money

type Param = str | int | None
type UnitName = Literal["meal", "day", "block", "month", "year", "period"]
type StepCode = Literal[
    "band",
    "cost_share",
    "single_price",
    "line",
    "slope",
    "highest",
    "cell",
    "stated_amount",
    "replacement",
    "band_shift",
    "arrears",
    "sibling_discount",
    "sibling_price",
    "exemption",
    "condition_discount",
    "discount",
    "discount_amount",
    "fixed_price",
    "surcharge",
    "surcharge_amount",
    "isee_discount",
    "best_of",
    "added_up",
    "rounding",
    "minimum",
    "maximum",
    "times",
    "parts",
    "count_discount",
    "absence_share",
    "each_time",
    "not_due",
    "sum",
    "together",
    "days_share",
    "instalment",
    "instalment_rest",
    "already_charged",
]
type BandReason = Literal["isee", "missing", "not_accepted", "non_resident"]


class NoBandForIsee(DomainError):
    """The table has a hole there: the office must say what holds, the desk never guesses."""


class SeveralBandsForIsee(DomainError):
    """Two rows of the table overlap there: the office must say which one holds."""


class NoCostForLevel(DomainError):
    """The table gives no unit cost for the school level."""


class NoColumnForChild(DomainError):
    """No column of the matrix is for such a child."""


class SeveralColumnsForChild(DomainError):
    """Two columns of the matrix are for such a child."""


class IseeRequired(DomainError):
    """The Comune gives no price to who files no ISEE, or none that counts."""


class FactNotGiven(DomainError):
    """The table reads a fact that nobody stated: an amount of another act, a count of the register."""


class FeesToConfirm(DomainError):
    """No act states the amount yet: there is nothing to pay by, and nothing to show as a price."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a price depends on. ``isee_cents`` None: no valid ISEE was filed.

    ``amounts`` are amounts stated elsewhere, in cents by name; ``income_cents`` the yearly income of the household.
    """

    level: str
    isee_cents: int | None = None
    sibling_rank: int = 1
    children_using: int = 1
    conditions: frozenset[str] = frozenset()
    resident: bool = True
    isee_state: IseeState = "attested"
    minors: int = 1
    enrolled: int = 1
    members: int = 1
    income_cents: int | None = None
    amounts: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Use:
    """How much of the service was used: units of the tariff, what the register counted, the month of the year.

    ``free_used`` are the free units that earlier charges of the year have already taken off.
    """

    units: int = 1
    counts: Mapping[Counted, int] = field(default_factory=dict)
    month: int | None = None
    free_used: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation: what was done, where the rule stands, cents before (None at the base) and after.

    ``params`` hold all that the step read: :func:`sportello.fees.operations.replayed` works it out again from them.
    """

    code: StepCode
    place: str
    before_cents: int | None
    after_cents: int
    params: dict[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit: a meal, a day, a block of ``block_meals`` meals, a month, a year, a period."""

    amount: Money
    unit: UnitName
    block_meals: int | None
    steps: tuple[Step, ...]
