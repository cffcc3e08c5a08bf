"""The prices decided for children: a timeline without overlaps for each child and service."""

from typing import ClassVar, Self

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


class DecisionStatus(models.TextChoices):
    """Where a decision stands: only a sent one makes a price."""

    DRAFT = "draft", _("da inviare")
    SENT = "sent", _("inviata")
    SUPERSEDED = "superseded", _("sostituita")
    ENDED = "ended", _("cessata")


class PriceDecisionQuerySet(models.QuerySet["PriceDecision"]):
    """The one place that says which decisions count. SQL written by hand says ``status = 'sent'``."""

    def in_force(self) -> Self:
        """The decisions that make the price of their days: those sent and not superseded. Never two on a day."""
        return self.filter(status=DecisionStatus.SENT)

    def to_send(self) -> Self:
        """What was worked out and nobody was told yet."""
        return self.filter(status=DecisionStatus.DRAFT)


class PriceDecision(models.Model):
    """What a unit of a service costs a child in a period, with the facts, the steps and the edition it came from.

    A draft is worked out anew as often as facts change. One that was sent never changes (a trigger sees to it): it is
    superseded by another. A draft that ``ends`` says that the days have no price any more; sent, it is ``ended``.
    ``version`` counts the decisions sent for the child and the service, from 1; drafts have 0. ``reasons`` are the
    codes of what differs from the decision before (:mod:`sportello.fees.reasons`) and ``before_cents`` the price that
    it set for the same days. ``sending`` is shared by what was sent together. ``inputs`` are the facts (ISEE included:
    personal data), ``steps`` the explanation as structured lines.
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
    status = models.CharField(
        max_length=10, choices=DecisionStatus.choices, default=DecisionStatus.DRAFT, db_default=DecisionStatus.DRAFT
    )
    ends = models.BooleanField(default=False, db_default=False)
    reasons = models.JSONField(default=list, db_default=[])
    before_cents = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=0, db_default=0)
    sending = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.BigIntegerField(null=True)
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="supersedes")

    objects = PriceDecisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["child_id", "service_id", "valid_during"]
        indexes: ClassVar = [models.Index(fields=["sending"], name="price_sending")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(unit_price_cents__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(unit="block", block_meals__gt=0)
                | (~models.Q(unit="block") & models.Q(block_meals=None)),
                name="price_block_has_meals",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft", version=0, sent_at=None)
                | (~models.Q(status="draft") & models.Q(version__gt=0, sent_at__isnull=False)),
                name="price_sent_has_version",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft")
                | models.Q(status="ended", ends=True)
                | models.Q(status__in=["sent", "superseded"], ends=False),
                name="price_ended_only_by_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(status="superseded", superseded_at__isnull=False)
                | (~models.Q(status="superseded") & models.Q(superseded_at=None, superseded_by=None)),
                name="price_superseded_says_when",
            ),
            models.UniqueConstraint(
                fields=["child", "service", "version"],
                condition=~models.Q(status="draft"),
                name="price_version_once",
            ),
            *(
                ExclusionConstraint(
                    name=f"price_{status}_no_overlap",
                    expressions=[
                        ("child", RangeOperators.EQUAL),
                        ("service", RangeOperators.EQUAL),
                        ("valid_during", RangeOperators.OVERLAPS),
                    ],
                    condition=models.Q(status=status),
                )
                for status in ("draft", "sent")
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
