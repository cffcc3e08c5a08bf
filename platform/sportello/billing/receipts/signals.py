"""News for the rooms above, told after commit."""

from django.dispatch import Signal

payment_settled = Signal()
"""`receipt`: a Receipt that has been settled. At least once: told again after a crash, so who listens is idempotent."""
