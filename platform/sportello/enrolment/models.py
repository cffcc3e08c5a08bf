"""Subscriptions of children to services, and what was charged for them month by month."""

import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition, Service
from sportello.applications.models import Application
from sportello.families.models import Child
from sportello.jobs.models import Job


class SubscriptionOrigin(models.TextChoices):
    APPLICATION = "application", _("domanda")
    ROSTER = "roster", _("archivio precedente")
    RENEWAL = "renewal", _("rinnovo automatico")


class Subscription(models.Model):
    """A child's place in a service, in a period: one at a time for each service.

    `renewed_from` is the place of the year before that went on by itself, as the edition says.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="subscriptions")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="subscriptions")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="subscriptions")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, related_name="subscription")
    origin = models.CharField(max_length=12, choices=SubscriptionOrigin.choices)
    renewed_from = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="renewed_as")
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["child_id", "service_id", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="subscription_no_overlap",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(origin=SubscriptionOrigin.RENEWAL) ^ models.Q(renewed_from=None),
                name="subscription_renewed_from_a_place",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class ChargeRun(models.Model):
    """A month of a service was charged (revision 1), or what changed since was posted (revision 2 and on).

    ``totals`` are what the run posted and left out: counts and cents, no personal data.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="il primo giorno del mese")
    revision = models.PositiveSmallIntegerField(default=1)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    totals = models.JSONField()
    charged_at = models.DateTimeField()
    charged_by = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-month", "service_id", "revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "month", "revision"], name="charge_run_revision_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="charge_run_names_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.month:%Y-%m}/{self.revision}"


class MonthCount(models.Model):
    """What the office wrote down for a child and a month where no roll is called: presences, absences, sick days."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="il primo giorno del mese")
    counted = models.CharField(max_length=24)
    number = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["month", "child_id", "counted"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "month", "child", "counted"], name="month_count_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="month_count_names_a_month"),
            models.CheckConstraint(condition=models.Q(number__lte=31), name="month_count_within_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.month:%Y-%m} {self.counted}"
