"""Flows as they came, their lines with a verdict each, and what somebody wrote about a difference."""

import uuid
from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.pagopa.flows import FlowOutcome
from sportello.billing.receipts.models import Receipt
from sportello.kernel.money import Money


class LineVerdict(models.TextChoices):
    """The reasons, as the accountant reads them. Those of `GOOD` are no differences."""

    MATCHED = "matched", _("Corrisponde alla ricevuta")
    FROM_FLOW = "from_flow", _("Pagato in assenza di ricevuta: fa fede il flusso")
    MISSING = "missing", _("L'avviso è nostro, ma la ricevuta non è arrivata")
    TO_CHECK = "to_check", _("Una ricevuta ha lo stesso IUV e lo stesso importo, ma un altro numero: va controllata")
    AMOUNT = "amount", _("L'importo non è quello della ricevuta")
    UNKNOWN = "unknown", _("Il codice è della nostra serie, ma l'avviso non esiste")
    TWICE = "twice", _("Lo stesso versamento è già in un altro flusso")
    REVOKED = "revoked", _("Il pagamento è stato revocato")
    NOT_OURS = "not_ours", _("È di un altro sistema del Comune")


GOOD: tuple[str, ...] = (LineVerdict.MATCHED.value, LineVerdict.FROM_FLOW.value, LineVerdict.NOT_OURS.value)
OUTCOMES = [(one.value, one.value) for one in FlowOutcome]


class Flow(models.Model):
    """A flow of a PSP: (PSP, id, revision) is one; of its revisions the highest is current (P32).

    `declared_*` is what its head says, `counted_*` what its lines come to (P35). `regulation` is the TRN of the bank
    transfer that brings the money.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    psp_id = models.CharField(max_length=35)
    fdr = models.CharField(max_length=35)
    revision = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    psp_name = models.CharField(max_length=70, blank=True)
    published_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    regulation = models.CharField(max_length=35)
    regulated_on = models.DateField(db_index=True)
    bank_bic = models.CharField(max_length=11, blank=True)
    declared_count = models.PositiveIntegerField()
    declared_cents = models.BigIntegerField()
    counted_count = models.PositiveIntegerField()
    counted_cents = models.BigIntegerField()
    fetched_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-regulated_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["psp_id", "fdr", "revision"], name="flow_once"),
            models.UniqueConstraint(
                fields=["psp_id", "fdr"], condition=models.Q(is_current=True), name="flow_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fdr} {self.revision}"

    @property
    def adds_up(self) -> bool:
        """Whether its lines are as many, and as much, as it declares."""
        return (self.declared_count, self.declared_cents) == (self.counted_count, self.counted_cents)

    @property
    def declared(self) -> Money:
        return Money(self.declared_cents)

    @property
    def counted(self) -> Money:
        return Money(self.counted_cents)


class FlowLine(models.Model):
    """A line of a flow as it came, and its verdict: empty until it is judged.

    `asked_at`: when its receipt, which had not come, was last asked for.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="lines")
    index = models.PositiveIntegerField()
    iuv = models.CharField(max_length=35, db_index=True)
    iur = models.CharField(max_length=35, db_index=True)
    transfer_number = models.PositiveSmallIntegerField()
    amount_cents = models.BigIntegerField()
    outcome = models.CharField(max_length=15, choices=OUTCOMES)
    paid_at = models.DateTimeField(db_index=True)
    verdict = models.CharField(max_length=9, choices=LineVerdict.choices, blank=True)
    judged_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="flow_lines")

    class Meta:
        ordering: ClassVar = ["flow_id", "index"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["flow", "index"], name="flow_line_once")]

    def __str__(self) -> str:
        return f"{self.flow_id}/{self.index}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents)


class FlowFile(models.Model):
    """A flow that somebody brought as a file, byte for byte: the proof of what was loaded."""

    flow = models.OneToOneField(Flow, on_delete=models.PROTECT, related_name="file")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Explanation(models.Model):
    """Why a difference is none: a person's note on a line, on a receipt that no flow brings, or on a flow's sums."""

    line = models.OneToOneField(FlowLine, on_delete=models.PROTECT, null=True, related_name="explanation")
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, null=True, related_name="explanation")
    flow = models.OneToOneField(Flow, on_delete=models.PROTECT, null=True, related_name="explanation")
    note = models.CharField(max_length=300)
    written_at = models.DateTimeField()
    written_by = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["-written_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="explanation_of_one",
                condition=models.Q(line__isnull=False, receipt__isnull=True, flow__isnull=True)
                | models.Q(line__isnull=True, receipt__isnull=False, flow__isnull=True)
                | models.Q(line__isnull=True, receipt__isnull=True, flow__isnull=False),
            ),
            models.CheckConstraint(condition=~models.Q(note=""), name="explanation_note"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
