"""What becomes of a receipt: the facts in, where each cent goes out. Pure.

Money in = attributed + kept aside, always. A receipt pays a notice once; what came too much, twice, for a notice that
is no more or for one we do not know is kept aside for a person to decide (P20, P21).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sportello.billing.debts.pieces import Piece, filled


class Why(StrEnum):
    """Why money is kept aside; the values are those of AsideReason."""

    ORPHAN = "orphan"
    DOUBLE = "double"
    CLOSED = "closed"
    OVERPAID = "overpaid"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Claim:
    """The notice that a receipt names, as it stands. `pieces`: what it pays, in order; `quoted`: what was last asked.

    `closed`: annulled, or paid elsewhere; `paid`: by a receipt before; `excluded`: its position was paid the other way
    (whole or by instalments).
    """

    pieces: tuple[Piece, ...]
    quoted: tuple[Piece, ...] = ()
    closed: bool = False
    paid: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """`parts`: what is attributed to which line; `aside`: what is kept aside. `pays`: the notice is paid by it."""

    parts: tuple[Piece, ...] = ()
    aside_cents: int = 0
    why: Why | None = None
    pays: bool = False


def settle_claim(cents: int, claim: Claim | None) -> Outcome:
    """Where the money of a receipt goes. `cents` is what is this Comune's of it; no claim is an unknown notice.

    >>> settle_claim(500, Claim((Piece(7, 450),)))
    Outcome(parts=(Piece(line_id=7, cents=450),), aside_cents=50, why=<Why.OVERPAID: 'overpaid'>, pays=True)
    """
    if cents == 0:
        return Outcome()
    refused = _refused(claim)
    if claim is None or refused is not None:
        return Outcome(aside_cents=cents, why=refused)
    parts, rest = filled(_asked(cents, claim), cents)
    return Outcome(parts, rest, Why.OVERPAID if rest else None, pays=True)


def _refused(claim: Claim | None) -> Why | None:
    if claim is None:
        return Why.ORPHAN
    if claim.paid:
        return Why.DOUBLE
    if claim.closed:
        return Why.CLOSED
    return Why.EXCLUDED if claim.excluded else None


def _asked(cents: int, claim: Claim) -> Sequence[Piece]:
    """What was asked for that sum: the last quote when it is of it, else what is printed."""
    return claim.quoted if sum(piece.cents for piece in claim.quoted) == cents else claim.pieces
