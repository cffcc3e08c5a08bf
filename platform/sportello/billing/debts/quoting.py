"""What is due for a notice now: what it says, less what is owed no more (P18).

A notice asks for what the ledger held when it was made. Since then something may have been corrected or paid
elsewhere: then less is asked, never more. Among several open notices of one payer the oldest keeps its sum longest.
"""

from collections.abc import Sequence

from sportello.billing.debts.dues import owed_by, pieces_of_stored, unpaid_lines
from sportello.billing.debts.models import OptionState, PaymentOption, PositionLine, Purpose
from sportello.billing.debts.pieces import Piece, lessened


def due_now(option: PaymentOption) -> tuple[Piece, ...]:
    """What each line of the position owes for this option today; empty when nothing is due any more."""
    position = option.position
    lines, siblings = list(position.lines.all()), list(position.options.all())
    pieces = pieces_of_stored(option, lines, siblings)
    if position.purpose == Purpose.TOP_UP:
        return pieces
    left = _left_for(option, lines)
    for earlier in siblings:
        if 0 < earlier.number < option.number and earlier.state == OptionState.UNPAID:
            _take(left, lines, pieces_of_stored(earlier, lines, siblings))
    return lessened(pieces, _by_line(left, lines, pieces))


def _left_for(option: PaymentOption, lines: Sequence[PositionLine]) -> dict[int, int]:
    """Account id -> what the payer owes on it and no older notice of hers asks for."""
    position = option.position
    left = owed_by(position.payer_id, {line.account_id for line in lines})
    for line, cents in unpaid_lines(left):
        if line.position_id < position.pk and line.position.payer_id == position.payer_id:
            left[line.account_id] -= cents
    return left


def _take(left: dict[int, int], lines: Sequence[PositionLine], pieces: Sequence[Piece]) -> None:
    accounts = {line.pk: line.account_id for line in lines}
    for piece in pieces:
        left[accounts[piece.line_id]] = left.get(accounts[piece.line_id], 0) - piece.cents


def _by_line(left: dict[int, int], lines: Sequence[PositionLine], pieces: Sequence[Piece]) -> dict[int, int]:
    """What is left of each account, given to the lines in their order: two lines may be of one account."""
    accounts = {line.pk: line.account_id for line in lines}
    found: dict[int, int] = {}
    for piece in pieces:
        account = accounts[piece.line_id]
        found[piece.line_id] = max(0, min(piece.cents, left.get(account, 0)))
        left[account] = left.get(account, 0) - found[piece.line_id]
    return found
