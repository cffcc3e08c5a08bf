"""News for the rooms above, told inside the transaction: what they do stands or falls with it."""

from django.dispatch import Signal

edition_put_in_force = Signal()  # edition: Edition, now: datetime; the days of its period follow its rules from here on
days_closed = (
    Signal()
)  # closure: Closure, actor: Account | None, now: datetime; a new closure, after its row is written
days_reopening = Signal()  # closure: Closure, now: datetime; before its row goes: who may not allow it raises
