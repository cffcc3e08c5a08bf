"""The means of a family, as stated."""

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.families.models import Child
from sportello.means.tax_models import TaxFileLoad, TaxFileRow, TaxPosition

__all__ = ["IseeAttestation", "IseeKind", "Provenance", "TaxFileLoad", "TaxFileRow", "TaxPosition"]


class IseeKind(models.TextChoices):
    ORDINARY = "ordinary", _("ordinario")
    MINORS = "minors", _("per prestazioni ai minorenni")
    CURRENT = "current", _("corrente")


class Provenance(models.TextChoices):
    DECLARED = "declared", _("dichiarato")
    LEGACY = "legacy", _("archivio precedente")
    DOCUMENT = "document", _("documento")
    INPS = "inps", _("INPS")


class IseeAttestation(models.Model):
    """An ISEE value for a child, valid in a period (DPCM 159/2013; lapses on 31 December)."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="isee_attestations")
    kind = models.CharField(max_length=10, choices=IseeKind.choices, default=IseeKind.MINORS)
    amount_cents = models.BigIntegerField()
    dsu_protocol = models.CharField(max_length=40, blank=True)
    filed_on = models.DateField()
    provenance = models.CharField(max_length=10, choices=Provenance.choices)
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["child_id", "-filed_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_cents__gte=0), name="isee_not_negative"),
            models.UniqueConstraint(
                fields=["child", "kind", "filed_on", "provenance"], name="isee_once_per_day_and_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.kind}"
