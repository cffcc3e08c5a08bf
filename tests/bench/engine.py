"""Prices per second of the engine, with their explanation and without, on the canteen of Bari."""

from bisect import bisect_right
from collections.abc import Callable
from itertools import cycle, islice
from statistics import median

from services_catalog.fee_table import FlatBands
from services_catalog.packs import read_service
from services_catalog.schema import EditionContent
from sportello.fees.explanation import explain
from sportello.fees.rules import Facts, price, price_many
from tenants.municipal_packs import PACKS
from tests.bench.table import Row, Table, seconds

FILE = PACKS / "072006-bari" / "2026" / "mensa.toml"
MANY, SOME, ROUNDS = 50_000, 2_000, 5


def run() -> Table:
    """Families of every ISEE up to 40.000 euro with one to four children; medians of rounds, in time a price."""
    content = read_service(FILE).content
    many = list(islice(cycle(_families()), MANY))
    some = many[:: MANY // SOME]
    limit = _each(MANY, lambda: _looked_up(content, many))
    shared = _each(MANY, lambda: price_many(content.fees, many))
    alone = _each(SOME, lambda: [price(content.fees, one) for one in some])
    told = _each(SOME, lambda: [explain(price(content.fees, one).steps, content) for one in some])
    return Table(
        "The engine of prices",
        f"{MANY:,} children of the canteen of Bari. limit: one bisection in a list of amounts, without rules or steps."
        " naive: every price worked out anew, as for one family alone.",
        (
            Row(f"many children: {1_000_000 / shared:,.0f} a second", shared, "us", limit, alone),
            Row(f"one alone with its steps: {1_000_000 / alone:,.0f} a second", alone, "us", limit),
            Row(f"and told in sentences: {1_000_000 / told:,.0f} a second", told, "us", limit),
        ),
    )


def _families() -> list[Facts]:
    return [
        Facts(level="primaria", isee_cents=isee, sibling_rank=rank, children_using=max(rank, 2))
        for isee in (None, *range(0, 4_000_000, 7_919))
        for rank in range(1, 5)
    ]


def _looked_up(content: EditionContent, families: list[Facts]) -> list[int]:
    base = content.fees.base
    assert isinstance(base, FlatBands)
    starts = [band.isee_from.cents for band in base.bands]
    amounts = [band.amount.cents for band in base.bands]
    return [amounts[bisect_right(starts, one.isee_cents or 0) - 1] for one in families]


def _each(prices: int, work: Callable[[], object]) -> float:
    """Microseconds a price."""
    return median(seconds(work) for _round in range(ROUNDS)) * 1_000_000 / prices
