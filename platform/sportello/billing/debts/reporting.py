"""What a PSP has paid over: transfers, options and positions become reported (P9, P32). The door for it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from sportello.billing.debts.models import DebtPosition, OptionState, PaymentOption, PositionState, TransferState
from sportello.billing.debts.states import change_state

_PAID = (OptionState.PAID, OptionState.PARTIALLY_REPORTED, OptionState.REPORTED)


@transaction.atomic
def report_transfers(*, option_id: int, numbers: Collection[int] | None, reason: str, now: datetime) -> None:
    """Exactly these transfers of a paid option are reported, all of them without `numbers`; twice is once.

    What was reported and is not named any more is taken back. The position is reported when it is paid and nothing of
    what was paid is left to report, and paid again when something is.
    """
    option = PaymentOption.objects.get(pk=option_id)
    position = DebtPosition.objects.select_for_update().get(pk=option.position_id)
    option.refresh_from_db(fields=["state"])
    if option.state not in _PAID:
        return
    if numbers is not None:
        option.transfers.exclude(number__in=numbers).update(state=TransferState.UNREPORTED)
    named = option.transfers.all() if numbers is None else option.transfers.filter(number__in=numbers)
    named.update(state=TransferState.REPORTED)
    option.state = _state_of(set(option.transfers.values_list("state", flat=True)))
    option.save(update_fields=["state"])
    whole = not position.options.filter(state__in=(OptionState.PAID, OptionState.PARTIALLY_REPORTED)).exists()
    if position.state == PositionState.PAID and whole:
        change_state(position=position, after=PositionState.REPORTED, actor=None, now=now, reason=reason)
    elif position.state == PositionState.REPORTED and not whole:
        _take_back(position, reason, now)


def _state_of(transfers: set[str]) -> OptionState:
    if transfers == {TransferState.REPORTED}:
        return OptionState.REPORTED
    return OptionState.PARTIALLY_REPORTED if TransferState.REPORTED in transfers else OptionState.PAID


def _take_back(position: DebtPosition, reason: str, now: datetime) -> None:
    """Paid as before, on the day on which it was."""
    paid_at = position.paid_at
    change_state(position=position, after=PositionState.PAID, actor=None, now=now, reason=reason)
    DebtPosition.objects.filter(pk=position.pk).update(paid_at=paid_at)
