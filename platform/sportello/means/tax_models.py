"""How adults stand with the local taxes, and the files it came from: the verdict and its reason, nothing else."""

import uuid
from datetime import date
from pathlib import Path
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.tributi.rows import RowVerdict
from sportello.accounts.models import Account
from sportello.families.models import Adult
from sportello.jobs.models import Job
from sportello.kernel.dates import DateRange


class TaxStanding(models.TextChoices):
    REGULAR = "regular", _("regolare")
    IN_ARREARS = "in_arrears", _("non regolare")
    UNKNOWN = "unknown", _("non nota")


class TaxReason(models.TextChoices):
    PAID = "paid", _("tutto pagato")
    INSTALMENTS = "instalments", _("rateizzazione in corso")
    UNPAID = "unpaid", _("importi non pagati")
    NOT_LISTED = "not_listed", _("non risulta all'ufficio tributi")
    TO_REVIEW = "to_review", _("dati da verificare con l'ufficio tributi")
    DECLARED = "declared", _("lo dichiara l'ufficio tributi")


class TaxPosition(models.Model):
    """The last known standing of an adult, until it expires. One row an adult: earlier verdicts are not kept.

    `taxes` are the names of those concerned, never amounts or years. `source` is the adapter that told it.
    """

    adult = models.OneToOneField(Adult, on_delete=models.PROTECT, related_name="tax_position")
    verdict = models.CharField(max_length=10, choices=TaxStanding.choices)
    reason = models.CharField(max_length=12, choices=TaxReason.choices)
    taxes = ArrayField(models.CharField(max_length=4), default=list)
    as_of = models.DateField()
    valid_during = DateRangeField()
    source = models.CharField(max_length=32)
    legal_basis = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["adult_id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(verdict__in=TaxStanding.values), name="tax_verdict_known"),
            models.CheckConstraint(
                condition=models.Q(
                    valid_during__isempty=False, valid_during__lower_inf=False, valid_during__upper_inf=False
                ),
                name="tax_position_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adult_id} {self.as_of}"

    @property
    def last_day(self) -> date:
        """The last day on which it says something."""
        period = DateRange.from_bounds(self.valid_during)
        return period.last_day or self.as_of


class TaxLoadState(models.TextChoices):
    RECEIVED = "received", _("ricevuto")
    REFUSED = "refused", _("non leggibile")
    CHECKED = "checked", _("controllato")
    COMMITTED = "committed", _("caricato")
    DISCARDED = "discarded", _("scartato")


def kept_at(load: "TaxFileLoad", _filename: str) -> str:
    """Where the file waits: its own name may hold personal data, so it is not used."""
    return f"tributi/{load.public_id}"


class TaxFileLoad(models.Model):
    """A file of the tax office. The bytes are kept only until it is committed, discarded or found unreadable.

    `job` is the work that goes on or was last done on it; `failure` the sentence of one that came to nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=kept_at, blank=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    as_of = models.DateField(null=True)
    uploaded_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=TaxLoadState.choices, default=TaxLoadState.RECEIVED)
    counts = models.JSONField(default=dict)
    sums = models.JSONField(default=list)
    comes_out = models.BooleanField(default=True)
    people = models.PositiveIntegerField(default=0)
    committed_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    failure = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sha256"], condition=models.Q(state="committed"), name="tax_file_committed_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def path(self) -> Path:
        """The kept file."""
        return Path(self.file.path)

    @property
    def is_at_work(self) -> bool:
        """Whether a job is on it now."""
        return self.job is not None and self.job.finished_at is None


class TaxFileRow(models.Model):
    """A line of the dry run: whether it could be read, and whether it is about somebody of ours. No code, no amount."""

    load = models.ForeignKey(TaxFileLoad, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=[(one.value, one.value) for one in RowVerdict])
    defects = ArrayField(models.CharField(max_length=32), default=list)
    adult = models.ForeignKey(Adult, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["load_id", "line"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["load", "line"], name="tax_row_once")]

    def __str__(self) -> str:
        return f"{self.load_id}:{self.line}"
