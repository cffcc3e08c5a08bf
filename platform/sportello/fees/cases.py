"""Golden cases: prices an officer of the Comune can read and sign, checked at every change. Pure.

``cases.toml`` of a pack says for each case the facts in plain words, the amount expected and why.
"""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from services_catalog.fee_table import Code, FeeTable, Level, Rank, Rule
from sportello.fees.rules import Facts, Price, price
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money


class Case(Rule, frozen=True, kw_only=True):
    """The facts of a child, how many units, and what the family must pay for them."""

    name: str
    service: Code
    level: Level = "primaria"
    isee: Money | None = None
    sibling_rank: Rank = 1
    children_using: Rank = 1
    conditions: tuple[Code, ...] = ()
    resident: bool = True
    units: Annotated[int, msgspec.Meta(ge=1)] = 1
    pays: Money
    because: str

    @property
    def facts(self) -> Facts:
        """What the price depends on."""
        return Facts(
            level=self.level,
            isee_cents=None if self.isee is None else self.isee.cents,
            sibling_rank=self.sibling_rank,
            children_using=max(self.children_using, self.sibling_rank),
            conditions=frozenset(self.conditions),
            resident=self.resident,
        )


class PackCases(Rule, frozen=True, kw_only=True):
    """The file ``cases.toml`` of a pack."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that does not come out as signed: what came out, or why nothing did."""

    case: Case
    found: Price | None
    reason: str


def failures(cases: tuple[Case, ...], table: FeeTable) -> list[Failure]:
    """The cases the fee table does not satisfy; none when all hold."""
    failed = []
    for case in cases:
        try:
            found = price(table, case.facts)
        except DomainError as error:
            failed.append(Failure(case, None, error.message))
            continue
        total = found.amount * case.units
        if total != case.pays:
            failed.append(Failure(case, found, f"{total} ≠ {case.pays}"))
    return failed
