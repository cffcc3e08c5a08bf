"""What the staff of a Comune have practised."""

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
