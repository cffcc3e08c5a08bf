"""Comparisons of a shadow month, kept as they came out, and what people said of their differences.

Children and payers are written as they were then (code and name), without keys to the families' tables: a load that
brought them in can still be undone.
"""

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from onboarding.models import RosterLoad
from sportello.accounts.models import Account
from sportello.jobs.models import Job, JobState
from sportello.kernel.month import Month


class ShadowRun(models.Model):
    """A comparison of a month of the desk with a load. `totals` are figures of both sides, without people."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    load = models.ForeignKey(RosterLoad, on_delete=models.PROTECT, related_name="shadow_runs")
    month = models.DateField(help_text="il primo giorno del mese")
    exported_on = models.DateField()
    tolerance_cents = models.PositiveIntegerField(default=0)
    service_code = models.CharField(max_length=20)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    totals = models.JSONField(default=dict)
    failure = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="shadow_run_names_a_month"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def month_name(self) -> str:
        """The month in words."""
        return Month.of(self.month).name

    @property
    def is_done(self) -> bool:
        return self.finished_at is not None and not self.failure

    @property
    def is_at_work(self) -> bool:
        return self.finished_at is None and self.job is not None and self.job.state != JobState.FAILED


class FamilyState(models.TextChoices):
    EQUAL = "equal", _("uguale")
    SETTLED = "settled", _("differenze spiegate")
    OPEN = "open", _("da guardare")


class ShadowFamily(models.Model):
    """What came out for the children of one payer. `children` holds the figures and differences of each, as JSON
    (see `comparing`); `waiting` are the keys of the differences that wait for a person, `unexplained` how many of them
    have no reason.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(ShadowRun, on_delete=models.CASCADE, related_name="families")
    payer_code = models.CharField(max_length=16, blank=True)
    name = models.CharField(max_length=170)
    state = models.CharField(max_length=8, choices=FamilyState.choices)
    reasons = ArrayField(models.CharField(max_length=20), default=list)
    kinds = ArrayField(models.CharField(max_length=8), default=list)
    waiting = ArrayField(models.CharField(max_length=32), default=list)
    unexplained = models.PositiveIntegerField(default=0)
    legacy_meals = models.IntegerField(default=0)
    our_meals = models.IntegerField(default=0)
    gap_cents = models.BigIntegerField(default=0)
    children = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["run_id", "name", "id"]
        indexes: ClassVar = [models.Index(fields=["run", "state", "name"], name="shadow_family_state")]

    def __str__(self) -> str:
        return str(self.public_id)

    def differences(self) -> list[dict[str, Any]]:  # Any: figures and words, as `comparing` wrote them
        """Those of all its children."""
        return [told for one in self.children for told in one["differences"]]


class StandingNotes(models.Manager["ExplainedDifference"]):
    """Those that nobody has withdrawn."""

    def get_queryset(self) -> models.QuerySet["ExplainedDifference"]:
        return super().get_queryset().filter(withdrawn_at__isnull=True)


class ExplainedDifference(models.Model):
    """A person explained a difference. `key` names child, month, figures and reason: where all come back the same in
    a later comparison, so does the note, until somebody withdraws it. Withdrawn ones stay, for the record.
    """

    key = models.CharField(max_length=32, db_index=True)
    note = models.CharField(max_length=500)
    explained_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ExplainedDifference"]] = models.Manager()
    standing: ClassVar[StandingNotes] = StandingNotes()

    class Meta:
        ordering: ClassVar = ["-explained_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(note=""), name="explained_difference_has_a_note"),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(withdrawn_at__isnull=True), name="explained_difference_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key
