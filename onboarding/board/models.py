"""What the rooms of a Comune said when they were last asked: one row a Comune, in `public`."""

from typing import ClassVar

from django.db import models

from tenants.models import Municipality


class GatheredSigns(models.Model):
    """The signs of a Comune (`signs.Sign` as plain data) and, for order and filters, the figures of the columns."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, related_name="gathered_signs")
    gathered_at = models.DateTimeField()
    signs = models.JSONField(default=list)
    data_quality = models.PositiveSmallIntegerField(null=True)
    training = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["municipality_id"]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.gathered_at}"
