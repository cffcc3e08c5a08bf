"""The journal of messages (P22), and what is kept of somebody who begins to pay: one statement writes both."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sportello.billing.debts.pieces import Piece
from sportello.billing.receipts.models import Message
from tenants.current import ask_prepared

_FIELDS: Final = tuple(field.attname for field in Message._meta.concrete_fields if not field.primary_key)
_WRITE: Final = f"""
WITH begun AS (
    UPDATE here.debts_debtposition SET attempt_seen_at = %(happened_at)s
    WHERE id = %(position_id)s AND state = %(position_state)s RETURNING id
), quoted AS (
    INSERT INTO here.debts_quote (option_id, amount_cents, parts, quoted_at)
    SELECT %(option_id)s, %(quoted_cents)s, %(parts)s::jsonb, %(happened_at)s FROM begun WHERE %(parts)s IS NOT NULL
), hurry AS (
    SELECT set_config('synchronous_commit', 'off', true) WHERE %(may_be_lost)s
)
INSERT INTO here.receipts_message ({", ".join(_FIELDS)})
SELECT {", ".join(f"%({name})s" for name in _FIELDS)} FROM (SELECT count(*) FROM hurry) set_before
WHERE %(position_id)s::bigint IS NULL OR EXISTS (SELECT FROM begun) RETURNING id
"""  # noqa: S608 names of the model's own columns


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody has begun to pay an option of a position that was in that state. `quoted`: what was asked, where it is
    not what is printed.
    """

    position_id: int
    position_state: str
    option_id: int
    quoted: Sequence[Piece] = ()


def write(*, attempt: Attempt | None, may_be_lost: bool, **fields: Any) -> bool:
    """A row of the journal, all fields of `Message` by their names, with what is kept of the attempt it tells of.

    False, and nothing is kept, when the position of the attempt is no longer in the state that the answer was made for:
    somebody annulled it meanwhile, and who annuls holds the row until all see it.

    Where in a crash it `may_be_lost`, as nothing is that somebody only asked, the commit does not wait for the disk.
    """
    quoted = attempt.quoted if attempt else ()
    kept = ask_prepared(
        _WRITE,
        {
            **fields,
            "position_id": attempt.position_id if attempt else None,
            "position_state": attempt.position_state if attempt else None,
            "option_id": attempt.option_id if attempt else None,
            "parts": json.dumps([[piece.line_id, piece.cents] for piece in quoted]) if quoted else None,
            "quoted_cents": sum(piece.cents for piece in quoted),
            "may_be_lost": may_be_lost and not quoted,
        },
    )
    return kept is not None
