"""The connectors of a Comune, and what passed through them: never what was said, never about whom."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Health(models.TextChoices):
    NEVER = "never", _("mai usato")
    OK = "ok", _("funziona")
    DEGRADED = "degraded", _("a singhiozzo")
    DOWN = "down", _("non funziona")


class Connector(models.Model):
    """How this Comune speaks with a system of one kind. `settings` are those of the adapter's struct.

    `secret_name` names a secret; the secret itself is never in the database. Settings of adapters that are switched
    off are kept: going back is one button.
    """

    kind = models.CharField(max_length=32)
    adapter = models.CharField(max_length=32)
    settings = models.JSONField(default=dict)
    secret_name = models.CharField(max_length=63, blank=True)
    enabled = models.BooleanField(default=False)
    health = models.CharField(max_length=8, choices=Health.choices, default=Health.NEVER)
    last_ok_at = models.DateTimeField(null=True)
    last_error_code = models.CharField(max_length=64, blank=True)
    last_error_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["kind", "adapter"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "adapter"], name="connector_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(enabled=True), name="connector_one_enabled_of_a_kind"
            ),
            models.CheckConstraint(
                name="connector_secret_by_name",
                condition=models.Q(("secret_name", "")) | models.Q(("secret_name__regex", r"^[a-z0-9][a-z0-9-]*$")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.adapter}"


class Outcome(models.TextChoices):
    OK = "ok", _("riuscito")
    FAILED = "failed", _("non riuscito")


class ConnectorExchange(models.Model):
    """One question to another system and how it ended. `reference` is an id of ours, never a person's code.

    A simulator that stands in by default has no row of its own: `connector` is empty, `kind` and `adapter` say it.
    """

    connector = models.ForeignKey(Connector, on_delete=models.PROTECT, null=True, related_name="exchanges")
    kind = models.CharField(max_length=32)
    adapter = models.CharField(max_length=32)
    operation = models.CharField(max_length=32)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    error_code = models.CharField(max_length=64, blank=True)
    milliseconds = models.PositiveIntegerField()
    happened_at = models.DateTimeField()
    reference = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["kind", "adapter", "-happened_at"], name="exchange_kind_when")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.adapter} {self.operation} {self.outcome}"
