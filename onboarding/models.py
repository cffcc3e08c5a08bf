"""Loads of legacy rosters: the file as it came, its rows as they will be stored, and what is wrong with them."""

import uuid
from pathlib import Path
from typing import ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.errors import FileGone
from onboarding.record import Verdict
from sportello.accounts.models import Account
from sportello.jobs.models import Job, JobState


class LoadState(models.TextChoices):
    UPLOADED = "uploaded", _("ricevuto")
    CHECKING = "checking", _("in controllo")
    CHECKED = "checked", _("controllato")
    COMMITTING = "committing", _("in caricamento")
    COMMITTED = "committed", _("caricato")
    FAILED = "failed", _("non leggibile")


VERDICT_LABELS: dict[str, Promise] = {
    Verdict.GOOD: _("A posto"),
    Verdict.FIX: _("Corrette da sole"),
    Verdict.REVIEW: _("Da rivedere"),
    Verdict.REJECT: _("Illeggibili"),
    Verdict.DUPLICATE: _("Ripetute"),
}
VERDICT_OF_ONE_ROW = {
    Verdict.GOOD: _("A posto"),
    Verdict.FIX: _("Corretta da sola"),
    Verdict.REVIEW: _("Da rivedere"),
    Verdict.REJECT: _("Illeggibile"),
    Verdict.DUPLICATE: _("Ripetuta"),
}
COMMITTABLE = (Verdict.GOOD.value, Verdict.FIX.value)


def kept_at(load: "RosterLoad", _filename: str) -> str:
    """Where the file is kept: its own name may hold personal data, so it is not used."""
    return f"caricamenti/{load.public_id}.csv"


class RosterLoad(models.Model):
    """One uploaded roster, kept byte for byte, and how far it has come.

    `counts` and `totals` (cents) are written by the check, `result` by the commit.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=kept_at)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    school_year = models.PositiveSmallIntegerField()
    uploaded_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=LoadState.choices, default=LoadState.UPLOADED)
    encoding = models.CharField(max_length=12, blank=True)
    failure = models.CharField(max_length=400, blank=True)
    counts = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_at_work(self) -> bool:
        """Whether a job is on it now; a job that gave up leaves it free to be tried again."""
        busy = self.state in {LoadState.CHECKING, LoadState.COMMITTING}
        return busy and (self.job is None or self.job.state != JobState.FAILED)

    @property
    def may_be_committed(self) -> bool:
        """Whether the dry run is over and some row is good."""
        gave_up = self.state == LoadState.COMMITTING and not self.is_at_work
        return (self.state == LoadState.CHECKED or gave_up) and self.committable_rows > 0

    @property
    def path(self) -> Path:
        """The kept file. Raises FileGone where the disk no longer has it."""
        kept = Path(self.file.path)
        if not kept.is_file():
            raise FileGone
        return kept

    @property
    def committable_rows(self) -> int:
        return sum(int(self.counts.get(verdict, 0)) for verdict in COMMITTABLE)


class StagedRow(models.Model):
    """A data row of the file: the line as it came, the verdict, and the record to store.

    Filled by COPY from `record.RosterRow`; the columns after `suggestion` are its fields.
    """

    load = models.ForeignKey(RosterLoad, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    raw = models.TextField()
    verdict = models.CharField(max_length=10)
    duplicate_of_line = models.PositiveIntegerField(null=True)
    suggestion = models.JSONField(default=dict, db_default={})

    legacy_id = models.TextField()
    child_fiscal_code = models.TextField()
    child_family_name = models.TextField()
    child_given_name = models.TextField()
    child_sex = models.TextField()
    child_birth_date = models.DateField(null=True)
    child_birthplace = models.TextField()
    address = models.TextField()
    postal_code = models.TextField()
    residence_code = models.TextField()
    school_code = models.TextField()
    class_year = models.SmallIntegerField(null=True)
    section = models.TextField()
    diet_kind = models.TextField()
    diet_code = models.TextField()
    isee_cents = models.BigIntegerField(null=True)
    payer_family_name = models.TextField()
    payer_given_name = models.TextField()
    payer_fiscal_code = models.TextField()
    payer_sex = models.TextField()
    payer_birth_date = models.DateField(null=True)
    payer_birthplace = models.TextField()
    phone = models.TextField()
    email = models.TextField()
    balance_cents = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["load_id", "line"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["load", "line"], name="staged_row_line_once")]

    def __str__(self) -> str:
        return f"{self.load_id}:{self.line}"


class RowDefect(models.Model):
    """One thing about one row. `code` is a key of `defects.CATALOGUE`."""

    load = models.ForeignKey(RosterLoad, on_delete=models.CASCADE, related_name="defects", db_index=False)
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    column = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["load_id", "line", "id"]
        indexes: ClassVar = [
            models.Index(fields=["load", "line"], name="row_defect_line"),
            models.Index(fields=["load", "code", "line"], name="row_defect_code"),
        ]

    def __str__(self) -> str:
        return f"{self.load_id}:{self.line} {self.code}"
