"""What was decided about the start of a Comune. Of who decided it the name is kept: she may be of the central team."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.jobs.models import Job


class ChosenDay(models.Model):
    """The day of the start, as somebody chose it; the last one counts."""

    day = models.DateField()
    chosen_by = models.CharField(max_length=160)
    chosen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-chosen_at", "-id"]

    def __str__(self) -> str:
        return str(self.day)


class Waiver(models.Model):
    """The central team lets the Comune start without a check that no law asks for: why, and until taken back."""

    check_code = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    given_by = models.CharField(max_length=160)
    given_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=160, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-given_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["check_code"], condition=models.Q(withdrawn_at__isnull=True), name="waiver_once_a_check"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.check_code


class Rehearsal(models.Model):
    """A rehearsal of the start on a copy of the schema: what each step found. The copy is gone when it ends."""

    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    passed = models.BooleanField(default=False)
    steps = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"{self.asked_at}"


class MoveKind(models.TextChoices):
    STARTED = "started", _("avvio")
    RETURNED = "returned", _("ritorno")


class Move(models.Model):
    """The Comune started, or went back to an earlier stage: why, and what families read meanwhile."""

    kind = models.CharField(max_length=8, choices=MoveKind.choices)
    stage = models.CharField(max_length=16)
    reason = models.CharField(max_length=500, blank=True)
    notice = models.CharField(max_length=300, blank=True)
    made_by = models.CharField(max_length=160)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="started") | (~models.Q(reason="") & ~models.Q(notice="")),
                name="move_back_has_reason_and_notice",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at}"
