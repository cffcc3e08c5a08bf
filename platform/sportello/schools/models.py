"""Schools of a Comune."""

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account


class Level(models.TextChoices):
    NURSERY = "nido", _("asilo nido")
    PRESCHOOL = "infanzia", _("scuola dell'infanzia")
    PRIMARY = "primaria", _("scuola primaria")
    LOWER_SECONDARY = "secondaria_1", _("secondaria di primo grado")
    UPPER_SECONDARY = "secondaria_2", _("secondaria di secondo grado")


class School(models.Model):
    """A teaching site, by its ten-character MIM code."""

    school_code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=160)
    level = models.CharField(max_length=16, choices=Level.choices, blank=True)
    kind = models.CharField(max_length=80, blank=True)
    ownership = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=160, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name", "school_code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.school_code})"


class Section(models.Model):
    """A class of a school in a school year (`school_year` is the year in which it starts)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="sections")
    school_year = models.PositiveSmallIntegerField()
    class_year = models.PositiveSmallIntegerField()
    letter = models.CharField(max_length=4)

    class Meta:
        ordering: ClassVar = ["school_id", "class_year", "letter"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "school_year", "class_year", "letter"], name="section_identity")
        ]

    def __str__(self) -> str:
        return f"{self.class_year}{self.letter}"


class StaffScope(models.Model):
    """What a person with the school role may see: a whole school, or one section of it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="school_scopes")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["account_id", "school_id", "section_id"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.school_id} {self.section_id or '*'}"
