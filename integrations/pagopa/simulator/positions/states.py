"""Which state follows which (P9). Pure: values in, values out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

DRAFT, PUBLISHED, VALID, INVALID = "DRAFT", "PUBLISHED", "VALID", "INVALID"
EXPIRED, PARTIALLY_PAID, PAID, REPORTED = "EXPIRED", "PARTIALLY_PAID", "PAID", "REPORTED"
UPDATABLE: Final = frozenset({DRAFT, PUBLISHED, VALID, EXPIRED})
INVALIDABLE: Final = frozenset({PUBLISHED, VALID})
PAYABLE: Final = frozenset({VALID, PARTIALLY_PAID})
UNPAID: Final = "PO_UNPAID"
REFUSALS: Final = {
    DRAFT: "PAA_PAGAMENTO_SCONOSCIUTO",
    PUBLISHED: "PAA_PAGAMENTO_SCONOSCIUTO",
    INVALID: "PAA_PAGAMENTO_ANNULLATO",
    EXPIRED: "PAA_PAGAMENTO_SCADUTO",
    PAID: "PAA_PAGAMENTO_DUPLICATO",
    REPORTED: "PAA_PAGAMENTO_DUPLICATO",
}


def when_sent(*, publish: bool, valid_from: datetime | None, now: datetime) -> str:
    """The state of a position that is created or updated so."""
    if not publish:
        return DRAFT
    return PUBLISHED if valid_from and valid_from > now else VALID


def when_read(
    state: str, *, valid_from: datetime | None, dues: Iterable[datetime], expires: bool, now: datetime
) -> str:
    """What time alone has made of it."""
    if state == PUBLISHED and (valid_from is None or valid_from <= now):
        state = VALID
    if state == VALID and expires and max(dues) < now:
        return EXPIRED
    return state


def when_paid(*, partial: bool, left: int) -> str:
    """After an option was paid; `left` counts the instalments that are not."""
    return PARTIALLY_PAID if partial and left else PAID


def refusal(state: str, *, partial: bool, option_state: str, others_paid: Iterable[bool]) -> str:
    """The fault for who would pay an option now, or "". `others_paid`: of each other paid option, is it partial?

    The whole and the instalments exclude each other (P10).
    """
    if option_state != UNPAID:
        return "PAA_PAGAMENTO_DUPLICATO"
    if any(one != partial for one in others_paid):
        return "PAA_PAGAMENTO_SCONOSCIUTO"
    return "" if state in PAYABLE else REFUSALS[state]
