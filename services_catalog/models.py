"""Services, their editions (what a Comune decided, by act) and closures."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.schools.models import School, Section


class Service(models.Model):
    """What a Comune offers: mensa, trasporto, nido..."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class EditionStatus(models.TextChoices):
    DRAFT = "draft", _("bozza")
    IN_FORCE = "in_force", _("in vigore")
    SUPERSEDED = "superseded", _("sostituita")


class Edition(models.Model):
    """The rules of a service as an act set them. Immutable once in force: a correction is a new revision."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="editions")
    school_year = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    valid_during = DateRangeField()
    status = models.CharField(max_length=10, choices=EditionStatus.choices, default=EditionStatus.DRAFT)
    act_number = models.CharField(max_length=40, blank=True)
    act_date = models.DateField(null=True)
    act_url = models.URLField(blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["service_id", "-school_year", "-revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "school_year", "revision"], name="edition_revision_once"),
            ExclusionConstraint(
                name="edition_in_force_no_overlap",
                expressions=[("service", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
                condition=models.Q(status="in_force"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.school_year}/{self.revision}"


class ClosureKind(models.TextChoices):
    CLOSURE = "closure", _("chiusura")
    STRIKE = "strike", _("sciopero")
    TRIP = "trip", _("gita")
    POLLING_STATION = "polling_station", _("seggio elettorale")
    ORDINANCE = "ordinance", _("ordinanza del sindaco")


class Closure(models.Model):
    """Days on which there is no service: for the Comune, a service, a school or one section of it."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    days = DateRangeField()
    kind = models.CharField(max_length=16, choices=ClosureKind.choices)
    reason = models.CharField(max_length=160)

    class Meta:
        ordering: ClassVar = ["days", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"
