"""Queries that only work by luck are made to fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler


class LockWithoutTable(AssertionError):
    """select_for_update() over joined tables locks them all: it must say `of=`."""


@contextmanager
def strict_queries() -> Iterator[None]:
    """Rows of a query without order come shuffled; a lock over a join must name its table."""
    order, locks = SQLCompiler._order_by_pairs, SQLCompiler.get_select_for_update_of_arguments  # type: ignore[attr-defined]

    def shuffled(self: Any) -> Iterator[tuple[Any, bool]]:
        pairs = list(order(self))
        yield from pairs
        if not pairs and _rows_are_read(self.query):
            yield OrderBy(Random()), False

    def named(self: Any) -> list[str]:
        joined = [alias for alias, uses in self.query.alias_refcount.items() if uses]
        if len(joined) > 1 and not self.query.select_for_update_of:
            raise LockWithoutTable("select_for_update() over joined tables must name the one to lock with of=.")
        answer: list[str] = locks(self)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "_order_by_pairs", shuffled)
        patch.setattr(SQLCompiler, "get_select_for_update_of_arguments", named)
        yield


def _rows_are_read(query: Any) -> bool:
    """Whether the order may matter: not for groups, distinct rows, unions, subqueries, sums and tests of existence."""
    return (
        query.group_by is None
        and not query.distinct
        and not query.combinator
        and not query.subquery
        and not any(annotation.contains_aggregate for annotation in query.annotations.values())
        and (query.default_cols or query.select or "a" not in query.annotations)
    )
