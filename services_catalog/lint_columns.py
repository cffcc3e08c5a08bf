"""Questions about the columns of a matrix: a kind of child in no column, or in two."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services_catalog.fee_table import Column, Count, Rank, When
from services_catalog.fees.holding import holds
from services_catalog.findings import Finding, Severity
from sportello.kernel.errors import gettext_noop

_MANY = 20_000


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of child, as the columns tell children apart."""

    level: str
    resident: bool
    sibling_rank: int
    children_using: int
    enrolled: int
    minors: int
    conditions: frozenset[str]
    isee_cents: int | None = None
    members: int = 1
    income_cents: int | None = None

    @property
    def words(self) -> str:
        """The kind as the question names it."""
        return ", ".join(
            str(part)
            for part in (
                self.level,
                "" if self.resident else "non_resident",
                f"rank={self.sibling_rank}",
                f"children={self.children_using}",
                f"minors={self.minors}",
                *sorted(self.conditions),
            )
            if part
        )


def column_findings(columns: Sequence[Column], place: str) -> Iterator[Finding]:
    """The first kind of child that no column is for, and the first that two are for: errors, as holes in bands are."""
    no_column = gettext_noop("Nessuna colonna vale per questo bambino (%(kind)s): quanto paga?")
    two = gettext_noop("Per questo bambino (%(kind)s) valgono due colonne (%(columns)s): quale delle due?")
    asked: set[str] = set()
    for kind in itertools.islice(_kinds([column.when for column in columns]), _MANY):
        held = [column.code for column in columns if holds(column.when, kind)]
        if not held and "column_gap" not in asked:
            asked.add("column_gap")
            yield Finding(Severity.ERROR, "column_gap", place, no_column, {"kind": kind.words})
        if len(held) > 1 and "column_overlap" not in asked:
            asked.add("column_overlap")
            params = {"kind": kind.words, "columns": ", ".join(held)}
            yield Finding(Severity.ERROR, "column_overlap", place, two, params)


def _kinds(whens: Sequence[When]) -> Iterator[_Kind]:
    """One child for each way in which the columns tell them apart."""
    levels: list[str] = [*sorted({level for when in whens for level in when.levels})] or [""]
    resident = [True, False] if any(when.resident is not None for when in whens) else [True]
    named = sorted({code for when in whens for code in when.conditions()})
    held = [frozenset(some) for size in range(len(named) + 1) for some in itertools.combinations(named, size)]
    children = _values([(when.children_from, when.children_to) for when in whens])
    ranks = _values([(when.rank_from, when.rank_to) for when in whens])
    enrolled = _values([(when.enrolled_from, when.enrolled_to) for when in whens])
    minors = _values([(when.minors_from, when.minors_to) for when in whens])
    for level, here, rank, many, all_of_them, young, conditions in itertools.product(
        levels, resident, ranks, children, enrolled, minors, held
    ):
        yield _Kind(level, here, rank, max(many, rank), all_of_them, young, conditions)


def _values(limits: Sequence[tuple[Rank | Count | None, Rank | Count | None]]) -> list[int]:
    """From one to one beyond the greatest number named."""
    named = [limit for pair in limits for limit in pair if limit is not None]
    return list(range(1, max(named, default=0) + 2))
