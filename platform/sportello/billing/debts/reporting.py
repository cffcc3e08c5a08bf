"""What a PSP has paid over: transfers, options and positions become reported (P9, P32). The door for it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from sportello.billing.debts.models import DebtPosition, OptionState, PaymentOption, PositionState, TransferState
from sportello.billing.debts.states import change_state

_UNREPORTED = (OptionState.PAID, OptionState.PARTIALLY_REPORTED)


@transaction.atomic
def report_transfers(*, option_id: int, numbers: Collection[int] | None, reason: str, now: datetime) -> None:
    """Marks these transfers of a paid option as reported, all of them without `numbers`; twice is once.

    The position is reported when it is paid and nothing of what was paid is left to report.
    """
    option = PaymentOption.objects.get(pk=option_id)
    position = DebtPosition.objects.select_for_update().get(pk=option.position_id)
    option.refresh_from_db(fields=["state"])
    if option.state not in _UNREPORTED:
        return
    named = option.transfers.all() if numbers is None else option.transfers.filter(number__in=numbers)
    named.update(state=TransferState.REPORTED)
    if not option.transfers.filter(state=TransferState.REPORTED).exists():
        return
    left = option.transfers.filter(state=TransferState.UNREPORTED).exists()
    option.state = OptionState.PARTIALLY_REPORTED if left else OptionState.REPORTED
    option.save(update_fields=["state"])
    if position.state == PositionState.PAID and not position.options.filter(state__in=_UNREPORTED).exists():
        change_state(position=position, after=PositionState.REPORTED, actor=None, now=now, reason=reason)
