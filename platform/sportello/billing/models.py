"""Ledger accounts and entries of a Comune."""

import uuid
from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.families.models import Adult, Child
from sportello.kernel.money import Money


class LedgerAccount(models.Model):
    """The money of one child in one service. `balance_cents` is written by a trigger alone."""

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="ledger_accounts", db_index=False)
    service_code = models.CharField(max_length=20)
    balance_cents = models.BigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["child_id", "service_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "service_code"], name="ledger_account_identity")
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class EntryKind(models.TextChoices):
    OPENING_BALANCE = "opening", _("saldo iniziale")
    CHARGE = "charge", _("addebito")
    PAYMENT = "payment", _("pagamento")
    CORRECTION = "correction", _("rettifica")
    TRANSFER = "transfer", _("spostamento")
    REFUND = "refund", _("rimborso")


class PaymentMeans(models.TextChoices):
    """How a payment was made that the office wrote down."""

    CASH = "cash", _("contanti")
    BANK_TRANSFER = "transfer", _("bonifico")
    CARD = "card", _("carta, anche con il POS")
    POSTAL_SLIP = "postal", _("bollettino postale")
    OTHER = "other", _("altro")

    @property
    def is_traceable(self) -> bool:
        """Whether it may be deducted for the 730 (law 160/2019, article 1, paragraph 679); in doubt it may not."""
        return self in {PaymentMeans.BANK_TRANSFER, PaymentMeans.CARD, PaymentMeans.POSTAL_SLIP}


class Entry(models.Model):
    """One line of the ledger. Never changed, never deleted: a correction names the line it corrects.

    `quantity` units at `unit_price_cents` make the amount of a charge; `explanation` says how the unit price came
    about (edition, act, steps); `reference` is what a payment was made with (receipt, transfer);
    `means` how, where the office wrote it down: a receipt of pagoPA says it itself.
    `payer` is the adult to whose favour the sum goes; without one it is of those who bear the child's costs that day.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    amount_cents = models.BigIntegerField()
    quantity = models.IntegerField(default=1)
    unit_price_cents = models.BigIntegerField(null=True)
    competence_on = models.DateField()
    posted_at = models.DateTimeField()
    posted_by = models.BigIntegerField(null=True)
    payer = models.ForeignKey(Adult, on_delete=models.PROTECT, null=True, related_name="ledger_entries")
    description = models.CharField(max_length=160)
    reference = models.CharField(max_length=80, blank=True, default="", db_default="")
    means = models.CharField(max_length=8, choices=PaymentMeans.choices, blank=True, default="", db_default="")
    idempotency_key = models.CharField(max_length=120, unique=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    explanation = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["competence_on", "id"]
        indexes: ClassVar = [models.Index(fields=["account", "competence_on"], name="entry_account_competence")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(kind="correction") | models.Q(corrects__isnull=False),
                name="entry_correction_names_its_entry",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="charge") | models.Q(amount_cents__lte=0), name="entry_charge_is_negative"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="payment") | models.Q(amount_cents__gt=0), name="entry_payment_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_cents}"

    @property
    def amount(self) -> Money:
        """Positive in the family's favour, negative when charged."""
        return Money(self.amount_cents)

    @property
    def unit_price(self) -> Money | None:
        return None if self.unit_price_cents is None else Money(self.unit_price_cents)
