"""Packages of a Comune, and departures. A departure is a row of the central team; the tables exist in every schema."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account
from sportello.jobs.models import Job, JobState


def package_kept_at(package: "ExportPackage", _filename: str) -> str:
    """Where the package is kept, in the private folder of the Comune."""
    return f"esportazioni/{package.public_id}.zip"


def certificate_kept_at(departure: "Departure", _filename: str) -> str:
    """Where the certificate is kept, in the private folder of the central team."""
    return f"certificati/{departure.public_id}.pdf"


class ExportPackage(models.Model):
    """The whole Comune as one ZIP: asked for, made by a job, downloaded, confirmed; its file is kept some days.

    `requested_by` is empty where the central team asked. `counts`: tables, rows, files, bytes, missing. `digests`: the
    SHA-256 of each table and of the list of files, by which a later change is seen.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=package_kept_at, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    digests = models.JSONField(default=dict)
    requested_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, db_index=True)
    downloads = models.PositiveIntegerField(default=0)
    confirmed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-requested_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="export_package_made_whole",
                condition=models.Q(made_at__isnull=True) | ~models.Q(sha256="") & models.Q(expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="export_package_confirmed_once_made",
                condition=models.Q(confirmed_at__isnull=True) | models.Q(made_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_at_work(self) -> bool:
        """Whether a job is on it; one that gave up leaves it free to be asked for again."""
        return self.made_at is None and (self.job is None or self.job.state != JobState.FAILED)

    @property
    def is_kept(self) -> bool:
        """Whether its file can be downloaded."""
        return self.made_at is not None and self.forgotten_at is None


class DepartureState(models.TextChoices):
    REQUESTED = "requested", _("chiesta")
    APPROVED = "approved", _("approvata")
    DELETING = "deleting", _("cancellazione in corso")
    DELETED = "deleted", _("cancellata")
    CANCELLED = "cancelled", _("annullata")


class Departure(models.Model):
    """A Comune leaves: who asked under which act, who approved, from when its data may be deleted, what was deleted.

    Public facts of the Comune are copied: they outlive it. `inventory` is what the certificate lists.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_name = models.CharField(max_length=41)
    belfiore_code = models.CharField(max_length=4, db_index=True)
    istat_code = models.CharField(max_length=6)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=DepartureState.choices, default=DepartureState.REQUESTED)
    act = models.CharField(max_length=200)
    requested_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    export_sha256 = models.CharField(max_length=64, blank=True)
    export_confirmed_by = models.CharField(max_length=160, blank=True)
    export_confirmed_at = models.DateTimeField(null=True)
    begun_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(null=True)
    inventory = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)
    backups_until = models.DateField(null=True)
    certificate = models.FileField(upload_to=certificate_kept_at, blank=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    cancelled_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-requested_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["schema_name"],
                condition=models.Q(state__in=["requested", "approved", "deleting"]),
                name="departure_one_open",
            ),
            models.CheckConstraint(
                name="departure_second_person",
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("requested_by")),
            ),
            models.CheckConstraint(
                name="departure_approved_before_deleted",
                condition=models.Q(state__in=["requested", "cancelled"])
                | models.Q(approved_by__isnull=False, not_before__isnull=False) & ~models.Q(export_sha256=""),
            ),
            models.CheckConstraint(
                name="departure_deleted_with_certificate",
                condition=~models.Q(state="deleted")
                | ~models.Q(certificate_sha256="") & models.Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.belfiore_code} {self.state}"
