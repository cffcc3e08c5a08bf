"""Which part of which line an option pays: the lines laid end to end, cut where the instalments end. Pure.

The single option (number 0) pays all of them; instalment 1 pays from the first line on, the next goes on from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """So many cents of a line."""

    line_id: int
    cents: int


def pieces_of(lines: Sequence[Piece], instalments: Sequence[int], number: int) -> tuple[Piece, ...]:
    """What option `number` pays; `lines` in their order, `instalments` their amounts in theirs.

    >>> pieces_of([Piece(1, 300), Piece(2, 200)], [250, 250], 2)
    (Piece(line_id=1, cents=50), Piece(line_id=2, cents=200))
    """
    if number == 0:
        return tuple(lines)
    start = sum(instalments[: number - 1])
    return tuple(_cut(lines, start, start + instalments[number - 1]))


def _cut(lines: Sequence[Piece], start: int, end: int) -> list[Piece]:
    found: list[Piece] = []
    at = 0
    for line in lines:
        cents = min(end, at + line.cents) - max(start, at)
        if cents > 0:
            found.append(Piece(line.line_id, cents))
        at += line.cents
    return found


def lessened(pieces: Sequence[Piece], due: Mapping[int, int]) -> tuple[Piece, ...]:
    """The pieces, none larger than what is still due for its line; what is no more due falls away.

    >>> lessened([Piece(1, 300), Piece(2, 200)], {1: 120, 2: 900})
    (Piece(line_id=1, cents=120), Piece(line_id=2, cents=200))
    """
    less = [Piece(one.line_id, min(one.cents, due.get(one.line_id, 0))) for one in pieces]
    return tuple(one for one in less if one.cents > 0)


def filled(pieces: Sequence[Piece], cents: int) -> tuple[tuple[Piece, ...], int]:
    """The money laid on the pieces in their order, and what is left over.

    >>> filled([Piece(1, 300), Piece(2, 200)], 350)
    ((Piece(line_id=1, cents=300), Piece(line_id=2, cents=50)), 0)
    """
    laid: list[Piece] = []
    for piece in pieces:
        part = min(piece.cents, cents)
        if part > 0:
            laid.append(Piece(piece.line_id, part))
            cents -= part
    return tuple(laid), cents
