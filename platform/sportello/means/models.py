"""The means of a family: what was stated, by whom, and what INPS answered when it was asked."""

import uuid
from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account
from sportello.families.models import Child
from sportello.means.tax_models import TaxFileLoad, TaxFileRow, TaxPosition

__all__ = ["IseeAttestation", "IseeKind", "Provenance", "TaxFileLoad", "TaxFileRow", "TaxPosition"]


class IseeKind(models.TextChoices):
    ORDINARY = "ordinary", _("ordinario")
    MINORS = "minors", _("per prestazioni ai minorenni")
    CURRENT = "current", _("corrente")


class Provenance(models.TextChoices):
    DECLARED = "declared", _("dichiarato")
    LEGACY = "legacy", _("archivio precedente")
    DOCUMENT = "document", _("documento")
    INPS = "inps", _("INPS")


class IseeAttestation(models.Model):
    """An ISEE value for a child, valid in a period (DPCM 159/2013; lapses on 31 December).

    `attested_on` is the day INPS released it; `discrepancies` the codes of INPS, comma between them; `other_parent`
    that it counted a parent who lives elsewhere. One that `awaits_office` would change what counts: it does not count
    until a clerk confirms it. A superseded one stays and does not count.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="isee_attestations")
    kind = models.CharField(max_length=10, choices=IseeKind.choices, default=IseeKind.MINORS)
    amount_cents = models.BigIntegerField()
    dsu_protocol = models.CharField(max_length=40, blank=True)
    filed_on = models.DateField()
    provenance = models.CharField(max_length=10, choices=Provenance.choices)
    valid_during = DateRangeField()
    attested_on = models.DateField(null=True)
    discrepancies = models.CharField(max_length=120, blank=True, db_default="")
    other_parent = models.BooleanField(default=False, db_default=False)
    awaits_office = models.BooleanField(default=False, db_default=False)
    superseded_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["child_id", "-filed_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_cents__gte=0), name="isee_not_negative"),
            models.UniqueConstraint(
                fields=["child", "kind", "filed_on", "provenance"],
                condition=models.Q(superseded_on__isnull=True, awaits_office=False),
                name="isee_once_per_day_and_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.kind}"

    @property
    def valid_from(self) -> date:
        """The first day."""
        first: date = self.valid_during.lower
        return first

    @property
    def valid_until(self) -> date:
        """The last day, as people write periods."""
        last: date = self.valid_during.upper - timedelta(days=1)
        return last


class EnquiryState(models.TextChoices):
    """How far a question to INPS has come. From `waiting` to one of the others, and no further."""

    WAITING = "waiting", _("da chiedere")
    ANSWERED = "answered", _("INPS ha risposto")
    NOT_FOUND = "not_found", _("INPS non trova l'attestazione")
    REFUSED = "refused", _("da verificare a mano")
    GIVEN_UP = "given_up", _("INPS non ha risposto")


class Settlement(models.TextChoices):
    """What a clerk did about a difference."""

    CONFIRMED = "confirmed", _("vale il valore di INPS")
    DISMISSED = "dismissed", _("resta il valore di prima")


class IseeEnquiry(models.Model):
    """INPS is, or was, asked for the attestation of a child.

    The row is the outbox: written with the deed that justifies it, worked off by a task. `reason` is the protocol of
    the application, or the child's file; `answer_digest` proves what came. Where the answer changes what counts,
    `changes_value` is true with both values, until a clerk settles it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="isee_enquiries")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=60)
    benefit = models.CharField(max_length=5)
    dsu_protocol = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=EnquiryState.choices, default=EnquiryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    trouble = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_digest = models.CharField(max_length=64, blank=True)
    attestation = models.ForeignKey(IseeAttestation, on_delete=models.PROTECT, null=True, related_name="enquiries")
    changes_value = models.BooleanField(default=False)
    before_source = models.CharField(max_length=10, choices=Provenance.choices, blank=True)
    before_cents = models.BigIntegerField(null=True)
    after_cents = models.BigIntegerField(null=True)
    settlement = models.CharField(max_length=10, choices=Settlement.choices, blank=True)
    settled_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "next_attempt_at"], name="isee_enquiry_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(state="waiting"), name="isee_enquiry_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["child"],
                condition=models.Q(changes_value=True, settled_at__isnull=True),
                name="isee_enquiry_one_open_finding",
            ),
            models.CheckConstraint(
                condition=models.Q(settlement="", settled_at__isnull=True, settled_by__isnull=True)
                | models.Q(
                    settlement__in=Settlement.values,
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                    changes_value=True,
                ),
                name="isee_enquiry_settlement_told",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_open_finding(self) -> bool:
        """Whether a clerk must still say which value counts."""
        return self.changes_value and self.settled_at is None
