"""Chapters of the Comune's budget by service, and the movements of its treasury."""

import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.billing.debts.models import Purpose
from sportello.billing.reconciliation.models import Flow
from sportello.kernel.money import Money


class Chapter(models.Model):
    """Under which chapter and assessment what is collected for a service stands, in a period of days.

    Without `purpose` it is for every purpose that has no chapter of its own.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    service_code = models.CharField(max_length=20)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, blank=True)
    code = models.CharField(max_length=30)
    assessment_year = models.PositiveSmallIntegerField()
    assessment_number = models.CharField(max_length=20)
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["service_code", "purpose", "valid_during"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="chapter_no_overlap",
                expressions=[
                    ("service_code", RangeOperators.EQUAL),
                    ("purpose", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.assessment_year}/{self.assessment_number}"


class MovementVerdict(models.TextChoices):
    """Whether a credit is a flow, and why not."""

    MATCHED = "matched", _("Corrisponde al flusso")
    NO_NAME = "no_name", _("Nella causale non c'è l'identificativo di un flusso")
    NO_FLOW = "no_flow", _("Il flusso nella causale non è in archivio")
    AMOUNT = "amount", _("L'importo non è quello del flusso")
    TWICE = "twice", _("Il flusso è già accreditato con un'altra bolletta")
    OUTGOING = "outgoing", _("Non è un'entrata")


class JournalFile(models.Model):
    """A file of the treasury's journal, byte for byte."""

    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Movement(models.Model):
    """A movement of the treasury as its journal has it; of it only the match changes.

    `number` is the treasury's own (bolletta), once a year. `flow` is the flow whose money it is.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    file = models.ForeignKey(JournalFile, on_delete=models.PROTECT, related_name="movements")
    year = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=30)
    booked_on = models.DateField(db_index=True)
    value_on = models.DateField()
    payer_name = models.CharField(max_length=140, blank=True)
    remittance = models.CharField(max_length=1000)
    amount_cents = models.BigIntegerField()
    verdict = models.CharField(max_length=8, choices=MovementVerdict.choices, blank=True)
    flow = models.OneToOneField(Flow, on_delete=models.PROTECT, null=True, related_name="movement")

    class Meta:
        ordering: ClassVar = ["-booked_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "number"], name="movement_once"),
            models.CheckConstraint(
                condition=models.Q(verdict="matched", flow__isnull=False)
                | (~models.Q(verdict="matched") & models.Q(flow__isnull=True)),
                name="movement_flow_if_matched",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.number}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents)
