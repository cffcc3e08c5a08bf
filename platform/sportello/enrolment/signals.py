"""News from enrolment, sent after commit: the service rooms listen."""

from django.dispatch import Signal

subscription_started = Signal()  # subscription: Subscription
