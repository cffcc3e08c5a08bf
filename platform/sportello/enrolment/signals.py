"""News for the service rooms above, told inside the transaction: what they do stands or falls with it."""

from django.dispatch import Signal

subscription_started = Signal()  # subscription: Subscription
