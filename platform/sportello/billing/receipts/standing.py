"""Whether a notice can be paid on a day, and if not, why: the table of P17. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from integrations.pagopa.types import FaultCode
from sportello.billing.debts.models import OptionState, PositionState
from sportello.billing.debts.states import state_on

_BY_STATE: Final = {
    PositionState.DRAFT: FaultCode.PAA_PAGAMENTO_SCONOSCIUTO,
    PositionState.PUBLISHED: FaultCode.PAA_PAGAMENTO_SCONOSCIUTO,
    PositionState.INVALID: FaultCode.PAA_PAGAMENTO_ANNULLATO,
    PositionState.EXPIRED: FaultCode.PAA_PAGAMENTO_SCADUTO,
    PositionState.PAID: FaultCode.PAA_PAGAMENTO_DUPLICATO,
    PositionState.REPORTED: FaultCode.PAA_PAGAMENTO_DUPLICATO,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An option and its position, as far as paying goes. `paid_numbers`: the options of the position already paid."""

    state: PositionState
    valid_from: date | None
    switch_to_expired: bool
    number: int
    option_state: OptionState
    last_day: date
    paid_numbers: Sequence[int] = ()


def obstacle(one: Standing, *, today: date) -> FaultCode | None:
    """Why it cannot be paid today; None when it can. What may be paid the other way alone is unknown (P10)."""
    if one.option_state != OptionState.UNPAID:
        return FaultCode.PAA_PAGAMENTO_DUPLICATO
    if any((paid == 0) != (one.number == 0) for paid in one.paid_numbers):
        return FaultCode.PAA_PAGAMENTO_SCONOSCIUTO
    fault = _BY_STATE.get(state_on(one.state, valid_from=one.valid_from, today=today))
    if fault is None and one.switch_to_expired and today > one.last_day:
        return FaultCode.PAA_PAGAMENTO_SCADUTO
    return fault
