"""Subscriptions of children to services."""

import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition, Service
from sportello.applications.models import Application
from sportello.families.models import Child


class SubscriptionOrigin(models.TextChoices):
    APPLICATION = "application", _("domanda")
    ROSTER = "roster", _("archivio precedente")


class Subscription(models.Model):
    """A child's place in a service, in a period: one at a time for each service."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="subscriptions")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="subscriptions")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="subscriptions")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, related_name="subscription")
    origin = models.CharField(max_length=12, choices=SubscriptionOrigin.choices)
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
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
