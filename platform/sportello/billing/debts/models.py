"""Debt positions of a Comune, their options, transfers and lines; who bears which share of a child's costs."""

import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from sportello.billing.models import LedgerAccount
from sportello.families.models import Adult, Child
from sportello.kernel.money import Money

WHOLE_SHARE = 10_000


class PositionState(models.TextChoices):
    """The states of GPD v1 (SANP, stati della posizione debitoria v1)."""

    DRAFT = "DRAFT", _("in preparazione")
    PUBLISHED = "PUBLISHED", _("pubblicata, non ancora pagabile")
    VALID = "VALID", _("da pagare")
    INVALID = "INVALID", _("annullata")
    EXPIRED = "EXPIRED", _("scaduta")
    PARTIALLY_PAID = "PARTIALLY_PAID", _("pagata in parte")
    PAID = "PAID", _("pagata")
    REPORTED = "REPORTED", _("rendicontata")


class OptionState(models.TextChoices):
    UNPAID = "PO_UNPAID", _("da pagare")
    PAID = "PO_PAID", _("pagata")
    PARTIALLY_REPORTED = "PO_PARTIALLY_REPORTED", _("rendicontata in parte")
    REPORTED = "PO_REPORTED", _("rendicontata")


class TransferState(models.TextChoices):
    UNREPORTED = "T_UNREPORTED", _("non rendicontato")
    REPORTED = "T_REPORTED", _("rendicontato")


class Purpose(models.TextChoices):
    """Why the position was made."""

    DUES = "dues", _("somme dovute")
    TOP_UP = "top_up", _("ricarica")
    MONTHLY_FEE = "monthly_fee", _("retta del mese")


class DebtPosition(models.Model):
    """What one payer is asked to pay. `description` is the causale: no child, no diet, no disability in it (P30).

    `debtor_code` and `debtor_name` are as they were when the notice was made. `key` names the fact it was made for:
    made again, nothing new. `attempt_seen_at`: the Node last asked for it; the state does not change for that (P11).
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    payer = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="debt_positions")
    debtor_code = models.CharField(max_length=16)
    debtor_name = models.CharField(max_length=70)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    description = models.CharField(max_length=140)
    state = models.CharField(max_length=14, choices=PositionState.choices, default=PositionState.DRAFT)
    valid_from = models.DateField(null=True)
    switch_to_expired = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    attempt_seen_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["payer", "state"], name="position_payer_state")]

    def __str__(self) -> str:
        return str(self.public_id)


class PaymentOption(models.Model):
    """One way or part of paying a position: number 0 is the whole at once, 1 and on are instalments (P10).

    `due_on` is printed; until `last_day`, both included, it is accepted (P12). The notice number is made of the
    option's own id, which the database never gives twice (P7).
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    position = models.ForeignKey(DebtPosition, on_delete=models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField(default=0)
    amount_cents = models.BigIntegerField()
    due_on = models.DateField()
    last_day = models.DateField()
    notice_number = models.CharField(max_length=18, unique=True)
    state = models.CharField(max_length=21, choices=OptionState.choices, default=OptionState.UNPAID)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["position_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["position", "number"], name="option_number_once"),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gte=1, amount_cents__lte=99_999_999_999), name="option_amount"
            ),
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("due_on")), name="option_last_day"),
            models.CheckConstraint(
                condition=models.Q(notice_number__regex=r"^[0-3][0-9]{17}$"), name="option_notice_number"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents)

    @property
    def iuv(self) -> str:
        """The notice number without its first digit."""
        return self.notice_number[1:]


class Transfer(models.Model):
    """A sum of an option that goes to one account of one creditor: 1 to 5, together the amount of the option (P14)."""

    option = models.ForeignKey(PaymentOption, on_delete=models.PROTECT, related_name="transfers")
    number = models.PositiveSmallIntegerField()
    amount_cents = models.BigIntegerField()
    fiscal_code = models.CharField(max_length=11)
    iban = models.CharField(max_length=27)
    category = models.CharField(max_length=140)
    remittance = models.CharField(max_length=140)
    state = models.CharField(max_length=12, choices=TransferState.choices, default=TransferState.UNREPORTED)

    class Meta:
        ordering: ClassVar = ["option_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["option", "number"], name="transfer_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1, number__lte=5), name="transfer_number"),
            models.CheckConstraint(condition=models.Q(amount_cents__gte=1), name="transfer_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.option_id}/{self.number}"


class PositionLine(models.Model):
    """What a position collects for one ledger account; all lines together make the amount of the position.

    `month` is the first day of the month that a monthly fee is for.
    """

    position = models.ForeignKey(DebtPosition, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="position_lines")
    number = models.PositiveSmallIntegerField()
    amount_cents = models.BigIntegerField()
    month = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["position_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["position", "number"], name="position_line_number_once"),
            models.CheckConstraint(condition=models.Q(amount_cents__gte=1), name="position_line_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.position_id}/{self.number}"


class Quote(models.Model):
    """What was asked for an option when it was not what is printed: the Node came and less was due (P18).

    `parts` says how much of it is of each line: [[line id, cents], ...]; a receipt of that amount is attributed so.
    """

    option = models.ForeignKey(PaymentOption, on_delete=models.PROTECT, related_name="quotes")
    amount_cents = models.BigIntegerField()
    parts = models.JSONField()
    quoted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["option_id", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(amount_cents__gte=1), name="quote_amount")]

    def __str__(self) -> str:
        return f"{self.option_id}: {self.amount_cents}"


class StateChange(models.Model):
    """Every change of state of a position: who, when, why. `changed_by` is empty for the desk itself."""

    position = models.ForeignKey(DebtPosition, on_delete=models.PROTECT, related_name="state_changes")
    before = models.CharField(max_length=14, choices=PositionState.choices, blank=True)
    after = models.CharField(max_length=14, choices=PositionState.choices)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["position_id", "id"]

    def __str__(self) -> str:
        return f"{self.position_id}: {self.before} -> {self.after}"


class CostShare(models.Model):
    """The part of a child's costs that an adult bears in a period, in hundredths of a percent.

    On every day the shares of a child are none (then `PayerAssignment` says who pays) or together 10,000.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="cost_shares")
    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="cost_shares")
    basis_points = models.PositiveSmallIntegerField()
    valid_during = DateRangeField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["child_id", "adult_id", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="cost_share_no_overlap",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    ("adult", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(basis_points__gte=1, basis_points__lte=WHOLE_SHARE), name="cost_share_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.adult_id}"
