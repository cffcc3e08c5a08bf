"""Rounds of assessment, their answers area by area, and the plan that came of them. All in `public`.

Names of staff are kept as people read them: an account exists in one schema only, these rows are read from two.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Municipality, Stage


class WorkingSide(models.TextChoices):
    """From which desk somebody acts."""

    CENTRAL = "central", _("squadra centrale")
    COMUNE = "comune", _("Comune")


class AssessmentRound(models.Model):
    """One time that the questionnaire is answered. `opened_on` is the day that dates in answers are compared with.

    `outcome` is written when the round closes, and from then on the database refuses any change.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="assessment_rounds")
    number = models.PositiveSmallIntegerField()
    questionnaire = models.PositiveSmallIntegerField()
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=170)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=170, blank=True)
    outcome = models.JSONField(null=True)
    score = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["municipality_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "number"], name="assessment_round_number"),
            models.UniqueConstraint(
                fields=["municipality"], condition=models.Q(closed_at__isnull=True), name="assessment_round_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(outcome__isnull=False),
                name="assessment_round_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} #{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether answers may still be written."""
        return self.closed_at is None


class AreaSheet(models.Model):
    """The answers to one area, as last saved. `version` counts the savings: 0 is an area nobody has saved."""

    round = models.ForeignKey(AssessmentRound, on_delete=models.PROTECT, related_name="sheets")
    area = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["round_id", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "area"], name="assessment_sheet_area")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.area} v{self.version}"


class AreaSaving(models.Model):
    """One saving of an area: the answers as they were then, and who wrote them. The ground of a merge."""

    sheet = models.ForeignKey(AreaSheet, on_delete=models.PROTECT, related_name="savings")
    version = models.PositiveIntegerField()
    answers = models.JSONField()
    changed = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=170, blank=True)  # nobody: carried over from the round before
    side = models.CharField(max_length=8, choices=WorkingSide.choices)

    class Meta:
        ordering: ClassVar = ["sheet_id", "-version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["sheet", "version"], name="assessment_saving_version")]

    def __str__(self) -> str:
        return f"{self.sheet_id} v{self.version}"


class TaskState(models.TextChoices):
    OPEN = "open", _("da fare")
    DONE = "done", _("fatta")
    DROPPED = "dropped", _("non serve più")
    REPLACED = "replaced", _("sostituita dalla valutazione dopo")


class PlanTask(models.Model):
    """A task of the plan of a closed round. `gap` and `key` lead to its words in the questionnaire of the round.

    `blocks` is the stage that may not begin before it is done. `owner_name` is who does it, `owner` the role.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(AssessmentRound, on_delete=models.PROTECT, related_name="tasks")
    gap = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    owner = models.CharField(max_length=40)
    owner_name = models.CharField(max_length=120, blank=True)
    blocks = models.CharField(max_length=16, choices=Stage.choices, blank=True)
    planned_for = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    done_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "gap", "key"], name="assessment_task_once"),
            models.CheckConstraint(
                condition=models.Q(state="done") ^ models.Q(done_on__isnull=True), name="assessment_task_done_on"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="assessment_task_due")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.gap}.{self.key}"


class TaskChange(models.Model):
    """What somebody changed of a task: `changes` are triples of field, before, after."""

    task = models.ForeignKey(PlanTask, on_delete=models.PROTECT, related_name="changes")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=170)
    side = models.CharField(max_length=8, choices=WorkingSide.choices)
    changes = models.JSONField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.changed_at}"
