"""Who wants to be told of low credit, and who asked for credit back."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account
from sportello.billing.models import Entry, LedgerAccount
from sportello.families.models import Adult
from sportello.kernel.money import Money


class CreditAlert(models.Model):
    """A person is told when the credit of a ledger account falls below a sum: once for each time it does.

    `is_below` is how it stood when it was last looked at; `crossings` counts the times it fell.
    """

    ledger = models.ForeignKey(LedgerAccount, on_delete=models.CASCADE, related_name="credit_alerts")
    person = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="credit_alerts")
    threshold_cents = models.BigIntegerField()
    is_below = models.BooleanField(default=False)
    crossings = models.PositiveIntegerField(default=0)
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ledger", "person"], name="credit_alert_once"),
            models.CheckConstraint(condition=models.Q(threshold_cents__gte=1), name="credit_alert_threshold"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger_id} {self.threshold_cents}"

    @property
    def threshold(self) -> Money:
        return Money(self.threshold_cents)


class RefundState(models.TextChoices):
    ASKED = "asked", _("da esaminare")
    PAID = "paid", _("rimborsato")
    REFUSED = "refused", _("non accolto")


class RefundRequest(models.Model):
    """Somebody asks for the credit of an account back: a task for the office until it is paid or refused.

    `entry` is the line by which the sum left the account.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="refund_requests")
    payer = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="refund_requests")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="refund_requests")
    asked_at = models.DateTimeField()
    amount_cents = models.BigIntegerField()
    iban = models.CharField(max_length=34)
    holder = models.CharField(max_length=70)
    state = models.CharField(max_length=7, choices=RefundState.choices, default=RefundState.ASKED)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "asked_at"], name="refund_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_cents__gte=1), name="refund_amount"),
            models.UniqueConstraint(
                fields=["ledger", "payer"], condition=models.Q(state="asked"), name="refund_one_open"
            ),
            models.CheckConstraint(
                name="refund_end_told",
                condition=models.Q(state="asked", ended_at__isnull=True)
                | (~models.Q(state="asked") & models.Q(ended_at__isnull=False) & ~models.Q(note="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents)
