"""Questions that only prices answer: who has more pays less once the reductions are taken; steps that change nothing.

The linter of the catalogue reads a table row by row. Here children are priced with it, one for each circumstance it
names, at each ISEE where something may change. Like every question, these are asked and nothing is guessed.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import msgspec
from django.utils.text import capfirst

from services_catalog.describing_cases import who
from services_catalog.fee_table import AddedUp, BestOf, FeeTable, Reduction, Tariff, When
from services_catalog.findings import Finding, Severity, warning
from services_catalog.lint import lint_fees
from services_catalog.schema import EditionContent
from sportello.fees.facts import Facts, Price, Step
from sportello.fees.rules import isee_bounds, tariff_price
from sportello.fees.sample_children import alike, circumstances, sample_children
from sportello.kernel.errors import DomainError, gettext_noop
from sportello.kernel.money import Money

_FALLS: Final = gettext_noop(
    "%(who)s: da %(start)s di ISEE si paga meno di prima (%(high)s invece di %(low)s): è voluto?"
)
_NO_EFFECT: Final = gettext_noop("Questo passaggio non cambia mai il prezzo di nessuno. È voluto?")
_SOME: Final = 3
"""So many falls are asked about in a tariff: the next ones have the same cause."""


def edition_price_findings(content: EditionContent) -> Iterator[Finding]:
    """The questions about the fee table of an edition."""
    yield from price_findings(content.fees, {one.code: str(one.label) for one in content.conditions})


def price_findings(table: FeeTable, labels: Mapping[str, str]) -> Iterator[Finding]:
    """The questions about the prices of a table; ``labels`` name its conditions. None of a table that has no prices."""
    if table.to_confirm:
        return
    points = _points(table)
    for place, tariff in table.tariffs():
        if tariff.reductions or tariff.replacements or tariff.shifts:
            yield from itertools.islice(_falls(table, tariff, place, points, labels), _SOME)
            yield from _without_effect(table, tariff, place, points)


def _points(table: FeeTable) -> list[int]:
    """Every ISEE after which something may change, and the one after it, in rising order."""
    return sorted({0, *(isee for bound in isee_bounds(table) for isee in (bound - 1, bound) if isee >= 0)})


def _falls(
    table: FeeTable, tariff: Tariff, place: str, points: Sequence[int], labels: Mapping[str, str]
) -> Iterator[Finding]:
    """Where the price falls and its base does not: those are asked about by the catalogue. Each step once."""
    severity = Severity.ERROR if table.never_falls else Severity.WARNING
    asked: set[tuple[str, int]] = set()
    for child in sample_children(table):
        prices = [(isee, _priced(tariff, table, replace(child.facts, isee_cents=isee), place)) for isee in points]
        for (_below, low), (isee, high) in itertools.pairwise(prices):
            if low is None or high is None or high.amount >= low.amount or _base_falls(low, high):
                continue
            where = _cause(low, high) or place
            if (where, isee) not in asked:
                asked.add((where, isee))
                told = {"start": Money(isee).format(), "low": low.amount.format(), "high": high.amount.format()}
                told["who"] = capfirst(who(child.when, labels))
                yield Finding(severity, "amount_falls", where, _FALLS, told)


def _priced(tariff: Tariff, table: FeeTable, facts: Facts, place: str) -> Price | None:
    try:
        return tariff_price(tariff, table, facts, place)
    except DomainError:
        return None  # a hole: the catalogue asks about it


def _base_falls(low: Price, high: Price) -> bool:
    return _table_of(low) == _table_of(high) and _base_of(high).after_cents < _base_of(low).after_cents


def _base_of(price: Price) -> Step:
    return next(step for step in price.steps if step.code != "replacement")


def _cause(low: Price, high: Price) -> str | None:
    """The step that only one of the two has, first of who pays less; the same base, read elsewhere, is none."""
    lower, higher = [step.place for step in low.steps], [step.place for step in high.steps]
    same = _table_of(low) == _table_of(high)
    bases = {_base_of(low).place, _base_of(high).place} if same else set()
    only = [place for place in higher if place not in lower] + [place for place in lower if place not in higher]
    return next((place for place in only if place not in bases), None)


def _table_of(price: Price) -> str:
    """Which base, of the tariff or of a replacement, a price starts from."""
    return _base_of(price).place.partition(".base")[0]


def _without_effect(table: FeeTable, tariff: Tariff, place: str, points: Sequence[int]) -> Iterator[Finding]:
    """Steps and rows that no child meets, or that leave every price as it is."""
    asked = {found.place for found in lint_fees(table) if found.code == "unreachable"}
    met: set[str] = set()
    for child in sample_children(table):
        met |= _met(table, tariff, place, child.facts, points)
    for where, whens in _steps(tariff, place):
        if where in met or any(where.startswith(other) for other in asked):
            continue
        further = (child for when in whens for child in alike(when, table))
        if not any(where in _met(table, tariff, place, child.facts, points) for child in further):
            yield warning("no_effect", where, _NO_EFFECT)


def _met(table: FeeTable, tariff: Tariff, place: str, facts: Facts, points: Sequence[int]) -> set[str]:
    """The places of the steps that a child meets, whatever its ISEE, or without any."""
    found: set[str] = set()
    for isee in (*points, None):
        price = _priced(tariff, table, replace(facts, isee_cents=isee), place)
        if price is not None:
            found |= {step.place for step in price.steps}
            found |= {step.place.partition(".base")[0] for step in price.steps}  # of a replacement, by what it starts
    return found


def _steps(tariff: Tariff, place: str) -> Iterator[tuple[str, list[When]]]:
    """The place of each step after the base, row by row, and for whom it is."""
    for index, other in enumerate(tariff.replacements):
        yield f"{place}.replacements[{index}]", _whens(other)
    for index, shift in enumerate(tariff.shifts):
        yield f"{place}.shifts[{index}]", [shift.when]
    for index, reduction in enumerate(tariff.reductions):
        yield from _rows(reduction, f"{place}.reductions[{index}]")


def _rows(reduction: Reduction, place: str) -> Iterator[tuple[str, list[When]]]:
    if isinstance(reduction, BestOf | AddedUp):
        for index, option in enumerate(reduction.options):
            yield from _rows(option, f"{place}.options[{index}]")
        return
    rows: Sequence[msgspec.Struct] = getattr(reduction, "rows", ())
    if not rows:
        yield place, _whens(reduction)
    for index, row in enumerate(rows):
        if getattr(row, "discount_percent", 1):  # a row of nothing less is written to say so
            yield f"{place}.rows[{index}]", [*_whens(row), getattr(reduction, "when", When())]


def _whens(step: msgspec.Struct) -> list[When]:
    named = list(circumstances(step))
    own = getattr(step, "when", None)
    return named or [own if isinstance(own, When) else When()]
