"""What is due for a notice now: what it says, less what is owed no more (P18).

A notice asks for what the ledger held when it was made. Since then something may have been corrected or paid
elsewhere: then less is asked, never more. Among several open notices of one payer the oldest keeps its sum longest.
"""

from collections.abc import Sequence

from sportello.billing.debts.facts import Line, NoticeFacts, facts_of
from sportello.billing.debts.models import OptionState, Purpose
from sportello.billing.debts.pieces import Piece, lessened


def due_now(notice_number: str) -> tuple[Piece, ...]:
    """What each line of the position owes for that notice today; empty when nothing is due any more."""
    facts = facts_of(notice_number)
    return () if facts is None else due_of(facts)


def due_of(facts: NoticeFacts) -> tuple[Piece, ...]:
    """The same of a notice that has been read."""
    claim = facts.claim
    pieces = claim.pieces(facts.number)
    if facts.purpose == Purpose.TOP_UP:
        return pieces
    left = _left_for(facts)
    for earlier in claim.ways:
        if 0 < earlier.number < facts.number and earlier.state == OptionState.UNPAID:
            _take(left, claim.lines, claim.pieces(earlier.number))
    return lessened(pieces, _by_line(left, claim.lines, pieces))


def _left_for(facts: NoticeFacts) -> dict[int, int]:
    """Account id -> what the payer owes on it and no older notice of hers asks for."""
    left = {line.account_id: 0 for line in facts.claim.lines}
    for one in facts.sums:
        left[one.account_id] -= facts.bearers.parts(one.child_id, one.cents, one.day, one.payer_id).get(
            facts.payer_id, 0
        )
    for older in facts.older:
        for account, cents in older.unpaid().items():
            if account in left:
                left[account] -= cents
    return left


def _take(left: dict[int, int], lines: Sequence[Line], pieces: Sequence[Piece]) -> None:
    accounts = {line.pk: line.account_id for line in lines}
    for piece in pieces:
        left[accounts[piece.line_id]] -= piece.cents


def _by_line(left: dict[int, int], lines: Sequence[Line], pieces: Sequence[Piece]) -> dict[int, int]:
    """What is left of each account, given to the lines in their order: two lines may be of one account."""
    accounts = {line.pk: line.account_id for line in lines}
    found: dict[int, int] = {}
    for piece in pieces:
        account = accounts[piece.line_id]
        found[piece.line_id] = max(0, min(piece.cents, left[account]))
        left[account] -= found[piece.line_id]
    return found
