"""Roll calls, presences, diets, meal stocks and closed months of a Comune."""

import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Service
from sportello.billing.models import Entry
from sportello.families.models import Child
from sportello.jobs.models import Job
from sportello.schools.models import Section


class DietKind(models.TextChoices):
    MEDICAL = "medical", _("sanitaria")
    ETHICAL_RELIGIOUS = "ethical_religious", _("etico-religiosa")


class SpecialDiet(models.Model):
    """Another menu for a child (GDPR art. 9: own table, own permission, own record of reads)."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="special_diets")
    kind = models.CharField(max_length=20, choices=DietKind.choices)
    code = models.CharField(max_length=40)
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["child_id", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="special_diet_no_overlap",
                expressions=[("child", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.child_id}"


class RollCall(models.Model):
    """The roll of a section was called on a day. `version` grows by one with each correction."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="roll_calls")
    day = models.DateField()
    called_at = models.DateTimeField()
    called_by = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-day", "section_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["section", "day"], name="roll_call_once_a_day")]
        indexes: ClassVar = [models.Index(fields=["day"], name="roll_call_day")]

    def __str__(self) -> str:
        return f"{self.section_id} {self.day}"


class Presence(models.Model):
    """A child was there (and ate) or not, on a day. The last word; its past is in PresenceChange."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="presences")
    roll_call = models.ForeignKey(RollCall, on_delete=models.PROTECT, related_name="presences")
    day = models.DateField()
    ate = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["day", "child_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["child", "day"], name="presence_once_a_day")]
        indexes: ClassVar = [models.Index(fields=["day"], name="presence_day")]

    def __str__(self) -> str:
        return f"{self.child_id} {self.day}"


class PresenceChange(models.Model):
    """A presence was corrected: who, when, why. Append-only, by a trigger."""

    presence = models.ForeignKey(Presence, on_delete=models.PROTECT, related_name="changes")
    ate_before = models.BooleanField(null=True)
    ate_after = models.BooleanField()
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["changed_at", "id"]

    def __str__(self) -> str:
        return f"{self.presence_id} {self.changed_at}"


class MealBlock(models.Model):
    """A block of meals sold in advance. Meals available = sum of blocks - meals eaten since."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="meal_blocks")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="meal_block")
    meals = models.SmallIntegerField()
    opened_on = models.DateField()
    automatic = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["child_id", "opened_on", "id"]

    def __str__(self) -> str:
        return f"{self.child_id} {self.meals}"


class MonthClose(models.Model):
    """A month of a service was closed (revision 1), or what changed since was posted (revision 2 and on).

    `totals` are what the run posted: counts and cents, in all and by unit price; no personal data.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="il primo giorno del mese")
    revision = models.PositiveSmallIntegerField(default=1)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    totals = models.JSONField()
    closed_at = models.DateTimeField()
    closed_by = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-month", "service_id", "revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "month", "revision"], name="month_close_revision_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="month_close_names_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.month:%Y-%m}/{self.revision}"
