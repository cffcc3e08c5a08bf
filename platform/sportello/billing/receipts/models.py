"""Receipts, what they paid, what is kept aside for a person to decide, and the journal of messages."""

import uuid
from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.billing.debts.models import PaymentOption
from sportello.billing.models import Entry
from sportello.kernel.money import Money


class ReceiptSource(models.TextChoices):
    STATION = "station", _("stazione")
    REST = "rest", _("interrogazione")
    FLOW = "flow", _("flusso di rendicontazione")


class ReceiptState(models.TextChoices):
    STORED = "stored", _("ricevuta, da attribuire")
    ATTRIBUTED = "attributed", _("attribuita")
    KEPT_ASIDE = "kept_aside", _("messa da parte")
    REFUSED = "refused", _("pagamento non riuscito")


class Receipt(models.Model):
    """A receipt as it came. Never changed but for its state; one for each (fiscal code, receipt id) (P19, P20).

    `own_cents` is the sum of the transfers that go to this Comune: what must be attributed or kept aside. `told_at`:
    the rooms above have heard of it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    receipt_id = models.CharField(max_length=255)
    fiscal_code = models.CharField(max_length=11)
    notice_number = models.CharField(max_length=18, db_index=True)
    iuv = models.CharField(max_length=35)
    outcome = models.CharField(max_length=2)
    amount_cents = models.BigIntegerField()
    own_cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField(null=True)
    psp_id = models.CharField(max_length=35)
    psp_name = models.CharField(max_length=70)
    payment_note = models.CharField(max_length=210, blank=True)
    payer_code = models.CharField(max_length=16, blank=True)
    payer_name = models.CharField(max_length=70, blank=True)
    is_stand_in = models.BooleanField(default=False)
    paid_at = models.DateTimeField(null=True)
    applied_on = models.DateField(null=True)
    arrived_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=ReceiptSource.choices)
    version = models.PositiveSmallIntegerField()
    raw = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ReceiptState.choices, default=ReceiptState.STORED)
    option = models.ForeignKey(PaymentOption, on_delete=models.PROTECT, null=True, related_name="receipts")
    settled_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-arrived_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiscal_code", "receipt_id"], name="receipt_once"),
            models.CheckConstraint(condition=models.Q(own_cents__gte=0), name="receipt_own_cents"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["arrived_at"], name="receipt_untold", condition=models.Q(told_at=None))
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def own(self) -> Money:
        """What is this Comune's of it."""
        return Money(self.own_cents)


class Completion(models.Model):
    """The receipt itself, come after a flow had told of the payment (P33): kept raw beside what the flow said.

    What was posted stays as the flow had it, since that is the money that was paid over; a receipt that says another
    sum is a difference for the accountant.
    """

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="completion")
    outcome = models.CharField(max_length=2)
    amount_cents = models.BigIntegerField()
    own_cents = models.BigIntegerField()
    arrived_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=ReceiptSource.choices)
    version = models.PositiveSmallIntegerField()
    raw = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["receipt_id"]

    def __str__(self) -> str:
        return str(self.receipt_id)


class Attribution(models.Model):
    """A part of a receipt that paid something: the ledger entry it became."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="attributions")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="attribution")
    amount_cents = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["receipt_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_cents__gte=1), name="attribution_amount")
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.amount_cents}"


class AsideReason(models.TextChoices):
    ORPHAN = "orphan", _("avviso sconosciuto")
    DOUBLE = "double", _("pagato due volte")
    CLOSED = "closed", _("pagato dopo l'annullamento o altrove")
    OVERPAID = "overpaid", _("pagato più del dovuto")
    EXCLUDED = "excluded", _("pagate sia la rata sia l'importo intero")


class AsideEnd(models.TextChoices):
    REFUNDED = "refunded", _("rimborsato")
    CREDITED = "credited", _("accreditato alla famiglia")
    PASSED_ON = "passed_on", _("riversato a chi spettava")


class KeptAside(models.Model):
    """Money that came and paid nothing: a task for the office until somebody says what became of it.

    Money in = attributed + kept aside, at any time. When it is credited `entry` names the line of the ledger.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="kept_aside")
    reason = models.CharField(max_length=8, choices=AsideReason.choices)
    amount_cents = models.BigIntegerField()
    opened_at = models.DateTimeField()
    end = models.CharField(max_length=9, choices=AsideEnd.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        verbose_name_plural = "kept aside"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_cents__gte=1), name="kept_aside_amount"),
            models.CheckConstraint(
                name="kept_aside_end_told",
                condition=models.Q(end="", ended_at__isnull=True, ended_by__isnull=True)
                | (~models.Q(end="") & models.Q(ended_at__isnull=False) & ~models.Q(note="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Proof(models.Model):
    """What the replay of a night found: the sums of the messages, and how many accounts and sums they do not explain.

    `wrong_accounts`: balances that are not what messages and other entries make; `lost_cents`: money that came less
    what is attributed and kept aside, by the rows; `sums_agree`: messages and rows come to the same sums.
    """

    made_at = models.DateTimeField()
    receipts = models.PositiveIntegerField()
    received_cents = models.BigIntegerField()
    attributed_cents = models.BigIntegerField()
    aside_cents = models.BigIntegerField()
    wrong_accounts = models.PositiveIntegerField()
    lost_cents = models.BigIntegerField()
    sums_agree = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}: {self.is_sound}"

    @property
    def is_sound(self) -> bool:
        """Whether the books close."""
        return not self.wrong_accounts and not self.lost_cents and self.sums_agree


class Message(models.Model):
    """One message with the Node and its answer, byte for byte (P22). `milliseconds` is our time to answer."""

    operation = models.CharField(max_length=32)
    notice_number = models.CharField(max_length=18, blank=True, db_index=True)
    receipt_id = models.CharField(max_length=255, blank=True)
    outcome = models.CharField(max_length=2)
    fault_code = models.CharField(max_length=40, blank=True)
    amount_cents = models.BigIntegerField(null=True)
    request = models.BinaryField()
    response = models.BinaryField()
    milliseconds = models.PositiveIntegerField()
    happened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]

    def __str__(self) -> str:
        return f"{self.operation} {self.outcome}"
