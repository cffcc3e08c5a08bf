"""News for the rooms above, told inside the transaction: what they do stands or falls with it."""

from django.dispatch import Signal

edition_put_in_force = Signal()  # edition: Edition, now: datetime; the days of its period follow its rules from here on
