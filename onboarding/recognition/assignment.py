"""The best assignment of columns to fields overall: no column takes a field that another one needs more."""

from collections.abc import Sequence
from typing import Final

_FAR: Final = float("inf")


def assign(scores: Sequence[Sequence[float]]) -> list[int]:
    """For each row the column of the matrix it takes, -1 for none: the sum of the scores taken is the greatest.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957), in cubic time. A score of 0 is no match.

    >>> assign([[0.9, 0.8], [0.9, 0.1]])
    [1, 0]
    """
    rows = len(scores)
    # One spare target for each row, worth nothing: to take none is always possible.
    width = (len(scores[0]) if rows else 0) + rows
    costs = [[-score for score in row] + [0.0] * rows for row in scores]
    taken = _least_cost(costs, rows, width)
    real = width - rows
    return [target if target < real and scores[row][target] > 0 else -1 for row, target in enumerate(taken)]


def _least_cost(costs: Sequence[Sequence[float]], rows: int, width: int) -> list[int]:
    row_price, target_price = [0.0] * (rows + 1), [0.0] * (width + 1)
    owner = [0] * (width + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        way, last = _augment(costs, owner, row_price, target_price, width)
        while last:
            before = way[last]
            owner[last] = owner[before]
            last = before
    taken = [-1] * rows
    for target in range(1, width + 1):
        if owner[target]:
            taken[owner[target] - 1] = target - 1
    return taken


def _augment(
    costs: Sequence[Sequence[float]], owner: list[int], row_price: list[float], target_price: list[float], width: int
) -> tuple[list[int], int]:
    """The cheapest way from the new row to a free target; prices are moved so that it costs nothing."""
    least, way, done = [_FAR] * (width + 1), [0] * (width + 1), [False] * (width + 1)
    at = 0
    while owner[at]:
        done[at] = True
        row, step, nearest = owner[at], _FAR, 0
        for target in range(1, width + 1):
            if done[target]:
                continue
            cost = costs[row - 1][target - 1] - row_price[row] - target_price[target]
            if cost < least[target]:
                least[target], way[target] = cost, at
            if least[target] < step:
                step, nearest = least[target], target
        for target in range(width + 1):
            if done[target]:
                row_price[owner[target]] += step
                target_price[target] -= step
            else:
                least[target] -= step
        at = nearest
    return way, at
