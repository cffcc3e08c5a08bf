"""What a Comune exchanged with other systems: that it happened and how it ended, never what was said."""

from typing import ClassVar

from django.db import models


class ConnectorExchange(models.Model):
    """One call to another system. No personal data: `error_code` is a word of the connector."""

    kind = models.CharField(max_length=32)
    outcome = models.CharField(max_length=16)
    happened_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    error_code = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["kind", "happened_at"], name="exchange_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
