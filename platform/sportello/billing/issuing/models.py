"""Issues of notices of a Comune and the parts in which their papers are kept."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.jobs.models import Job
from sportello.kernel.money import Money


class LeftOut(models.TextChoices):
    """Why somebody who owes gets no notice."""

    NO_PAYER = "no_payer", _("nessuno risulta pagare per il bambino")
    NO_CODE = "no_code", _("manca il codice fiscale di chi paga")
    ASKED = "asked", _("un altro avviso chiede già tutta la somma")
    MINIMUM = "minimum", _("la somma è sotto il minimo")
    EXEMPT = "exempt", _("oggi il bambino è esente")


class NoticeIssue(models.Model):
    """What the office asks of many at once: the sums of these services that no notice asks for yet.

    A sum of at least `instalments_from_cents` may also be paid in `instalments` monthly parts, where there are more
    than one. `counts` and `left_out` (reason -> [payer id, child id, cents] each) are what the last count, or the
    issue itself, found; `job` the work that goes on or was done last.

    It is made payer by payer in the order of their ids: those up to `done_through` have their notices, and `so_far` is
    what was made for them, as `counts` and `left_out` will be, with how many payers there were to go through.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    services = ArrayField(models.CharField(max_length=20))
    description = models.CharField(max_length=60)
    due_on = models.DateField()
    last_day = models.DateField()
    minimum_cents = models.BigIntegerField(default=0)
    instalments = models.PositiveSmallIntegerField(default=1)
    instalments_from_cents = models.BigIntegerField(default=0)
    skips_exempt = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    counts = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict)
    counted_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    done_through = models.BigIntegerField(default=0, db_default=0)
    so_far = models.JSONField(default=dict)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("due_on")), name="issue_last_day"),
            models.CheckConstraint(
                condition=models.Q(minimum_cents__gte=0, instalments_from_cents__gte=0, instalments__gte=1),
                name="issue_figures",
            ),
            models.CheckConstraint(
                condition=models.Q(issued_at=None) | models.Q(counted_at__isnull=False), name="issue_counted_first"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def key(self) -> str:
        """The keys of its positions begin so."""
        return f"issue:{self.public_id}:"

    @property
    def total(self) -> Money:
        return Money(self.counts.get("cents", 0))

    @property
    def is_begun(self) -> bool:
        """Whether some of its notices are made and some are not."""
        return self.begun_at is not None and self.issued_at is None

    @property
    def is_working(self) -> bool:
        """Whether a job of it has not come to its end."""
        return self.job is not None and self.job.finished_at is None


def kept_at(part: "PaperPart", _filename: str) -> str:
    """Where a part is kept; nobody's name is in it."""
    return f"avvisi/{part.issue.public_id}-{part.number}.zip"


class PaperPart(models.Model):
    """Some of the papers of an issue, in one file: a PDF for each notice."""

    issue = models.ForeignKey(NoticeIssue, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=kept_at)
    notices = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["issue_id", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "number"], name="paper_part_once")]

    def __str__(self) -> str:
        return f"{self.issue_id}/{self.number}"
