"""Families of a Comune."""

import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.kernel.names import shown_name
from sportello.schools.models import Section


class Sex(models.TextChoices):
    FEMALE = "F", _("femmina")
    MALE = "M", _("maschio")


class Household(models.Model):
    """The people counted together for sibling rules; not the ISEE unit nor the registry family."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    def __str__(self) -> str:
        return str(self.public_id)


class Person(models.Model):
    """What adults and children share."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fiscal_code = models.CharField(max_length=16, unique=True, null=True)  # noqa: DJ001 -- several unknown, none equal
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(null=True)
    birthplace_code = models.CharField(max_length=4, blank=True)
    address = models.CharField(max_length=160, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    residence_code = models.CharField(max_length=4, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def full_name(self) -> str:
        """Given name first, for sentences and headings; capitals of old archives become initial capitals."""
        return shown_name(f"{self.given_name} {self.family_name}".strip())

    @property
    def listed_name(self) -> str:
        """Family name first, for lists."""
        return shown_name(f"{self.family_name} {self.given_name}".strip())


class Adult(Person):
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "id"]


class Child(Person):
    """The person who uses the services. `legacy_id` is its key in the previous back office."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="children")
    legacy_id = models.CharField(max_length=40, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "id"]


class GuardianKind(models.TextChoices):
    PARENT = "parent", _("genitore")
    LEGAL_GUARDIAN = "legal_guardian", _("tutore")
    FOSTER_CARER = "foster_carer", _("affidatario")


class Guardianship(models.Model):
    """An adult acts for a child, in a period, unless barred by a court."""

    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="guardianships")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="guardianships")
    kind = models.CharField(max_length=16, choices=GuardianKind.choices, default=GuardianKind.PARENT)
    barred = models.BooleanField(default=False)
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["child_id", "adult_id", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="guardianship_no_overlap",
                expressions=[
                    ("adult", RangeOperators.EQUAL),
                    ("child", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.adult_id} {self.child_id}"


class PayerAssignment(models.Model):
    """Who pays for a child, in a period: one at a time."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="payers")
    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="paid_children")
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["child_id", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="payer_no_overlap",
                expressions=[("child", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.adult_id} {self.child_id}"


class Pupil(models.Model):
    """A child sits in a section, in a period: one at a time."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="placements")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="pupils")
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["child_id", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="pupil_no_overlap",
                expressions=[("child", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.section_id}"
