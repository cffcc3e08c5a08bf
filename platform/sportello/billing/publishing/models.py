"""What the gateway to pagoPA knows of each position, and whether it is behind."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sportello.billing.debts.models import DebtPosition


class Standing(models.TextChoices):
    """How the gateway holds a position."""

    UNKNOWN = "", _("mai inviata")
    PUBLISHED = "published", _("pubblicata")
    ANNULLED = "annulled", _("annullata")
    SETTLED = "settled", _("pagata")


class GatewayCopy(models.Model):
    """The outbox (P24): one row a position, written by the database itself whenever something of it changes.

    The gateway is behind while `version` is not `told_version`; what it has to be told follows from the position as it
    stands then, so that no change is told twice nor in the wrong order. Whoever tells it holds the row until
    `leased_until`; after a failure that time may cure nobody tries before `not_before`. A refusal waits for a person.
    `told_digest` is of what was told last; `asked_at`: the gateway was last asked whether it is paid.
    """

    position = models.OneToOneField(
        DebtPosition, on_delete=models.PROTECT, primary_key=True, related_name="gateway_copy"
    )
    version = models.PositiveIntegerField(default=1)
    told_version = models.PositiveIntegerField(default=0, db_default=0)
    told_at = models.DateTimeField(null=True)
    told_digest = models.CharField(max_length=64, blank=True, db_default="")
    standing = models.CharField(max_length=9, choices=Standing.choices, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    not_before = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    refusal_code = models.CharField(max_length=64, blank=True, db_default="")
    refusal_words = models.CharField(max_length=500, blank=True, db_default="")
    refused_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["position_id"]
        verbose_name_plural = "gateway copies"
        indexes: ClassVar = [
            models.Index(fields=["position"], name="gateway_copy_behind", condition=~Q(version=F("told_version")))
        ]

    def __str__(self) -> str:
        return f"{self.position_id}: {self.standing}"
