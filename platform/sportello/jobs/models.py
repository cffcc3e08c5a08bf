"""Jobs of a Comune."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("in coda")
    RUNNING = "running", _("in corso")
    DONE = "done", _("concluso")
    FAILED = "failed", _("non riuscito")


class Job(models.Model):
    """One run of long work. `arguments` and `result` hold ids and counts, never personal data."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    arguments = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    requested_by = models.BigIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "heartbeat_at"], name="job_state_heartbeat")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def came_to_nothing(self) -> bool:
        """Whether it ended by saying, in its result, why nothing could be done: a file that cannot be read, say."""
        return self.state == JobState.DONE and bool(self.result.get("failure"))
