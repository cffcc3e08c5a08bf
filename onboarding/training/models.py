"""What the staff of a Comune have practised, and the passages from the Comune into its twin."""

from typing import ClassVar

from django.db import models

from sportello.accounts.models import Account


class ExerciseDone(models.Model):
    """A person did this version of an exercise; `event` is the number, in the twin, of the record that proved it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    exercise = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField()
    event = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["account_id", "exercise", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "exercise", "version"], name="exercise_done_once")
        ]

    def __str__(self) -> str:
        return f"{self.exercise} v{self.version} {self.account_id}"


class Passage(models.Model):
    """Somebody who has entered the Comune goes over into its twin: a code, good once and for a minute.

    Only digests are kept: of the code, and of what the browser holds on the twin's host.
    """

    code_digest = models.CharField(max_length=64, unique=True)
    nonce_digest = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["expires_at", "id"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.expires_at}"
