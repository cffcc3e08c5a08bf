"""The prices decided for children: a timeline without overlaps for each child and service."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition, Service
from sportello.families.models import Child
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money


class PriceUnit(models.TextChoices):
    """What the price is of."""

    MEAL = "meal", _("pasto")
    DAY = "day", _("giorno")
    BLOCK = "block", _("blocchetto")
    MONTH = "month", _("mese")
    YEAR = "year", _("anno")
    PERIOD = "period", _("periodo")


class PriceDecision(models.Model):
    """What a unit of a service costs a child in a period, with the facts, the steps and the edition it came from.

    ``inputs`` are the facts (ISEE included: personal data), ``steps`` the explanation as structured lines.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="price_decisions")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    valid_during = DateRangeField()
    unit_price_cents = models.BigIntegerField()
    unit = models.CharField(max_length=8, choices=PriceUnit.choices)
    block_meals = models.PositiveSmallIntegerField(null=True)
    inputs = models.JSONField()
    steps = models.JSONField()
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["child_id", "service_id", "valid_during"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(unit_price_cents__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(unit="block", block_meals__gt=0)
                | (~models.Q(unit="block") & models.Q(block_meals=None)),
                name="price_block_has_meals",
            ),
            ExclusionConstraint(
                name="price_no_overlap",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.service_id} {self.unit_price_cents}"

    @property
    def unit_price(self) -> Money:
        """The price of one unit."""
        return Money(self.unit_price_cents)

    @property
    def period(self) -> DateRange:
        """The days on which the price holds."""
        return DateRange.from_bounds(self.valid_during)


class RecognisedCondition(models.Model):
    """The office recognised that a child is in a condition a fee reads by name, in a period.

    The condition may tell of health or need (GDPR art. 9): who reads or changes it leaves an audit record.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="recognised_conditions")
    condition = models.CharField(max_length=40)
    valid_during = DateRangeField()
    reason = models.CharField(max_length=200, blank=True)
    recognised_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["child_id", "condition", "valid_during"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="condition_no_overlap",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    ("condition", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.condition}"
