"""Applications of a Comune, their history and the protocol register."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition, Service
from sportello.accounts.models import Account
from sportello.families.models import Child


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("bozza")
    SUBMITTED = "submitted", _("inviata")
    TO_COMPLETE = "to_complete", _("da completare")
    ACCEPTED = "accepted", _("accolta")
    REJECTED = "rejected", _("respinta")
    WITHDRAWN = "withdrawn", _("ritirata")


class ProtocolCounter(models.Model):
    """The last number given in a year. Locked while a number is taken: that is why there are no holes."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}"


class ProtocolRecord(models.Model):
    """An entry of the official register: numbered from 1 in each year, without holes (DPR 445/2000 art. 53)."""

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    registered_at = models.DateTimeField()
    subject = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-year", "-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["year", "number"], name="protocol_number_once")]

    def __str__(self) -> str:
        return f"{self.number:07d}/{self.year}"


class Application(models.Model):
    """A request filed by a citizen for a child and a service, under the edition in force when it was sent.

    `answers` holds, by step, {"values": what was typed, "complete": whether it was valid}; `explanation` the facts,
    the steps and the act of the price told when it was sent; `admission` what each rule on who may apply said then.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    applicant = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="applications")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="applications")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="applications")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="applications")
    school_year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    step = models.SlugField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)
    explanation = models.JSONField(null=True)
    admission = models.JSONField(null=True)
    contact_email = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    taken_in_charge_on = models.DateField(null=True)
    answer_by = models.DateField(null=True, db_index=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    protocol = models.OneToOneField(ProtocolRecord, on_delete=models.PROTECT, null=True, related_name="application")

    class Meta:
        ordering: ClassVar = ["answer_by", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "answer_by"], name="application_queue")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "service", "school_year"],
                condition=models.Q(state__in=["submitted", "to_complete", "accepted"]),
                name="application_one_open_per_child",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(state="withdrawn")
                | models.Q(protocol__isnull=False, submitted_at__isnull=False, answer_by__isnull=False),
                name="application_sent_has_protocol",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class SensitiveAnswer(models.Model):
    """An answer about health or religion (GDPR art. 9), kept apart from the others."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sensitive_answers")
    question = models.CharField(max_length=40)
    value = models.JSONField()

    class Meta:
        ordering: ClassVar = ["application_id", "question"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "question"], name="sensitive_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.question}"


class Attachment(models.Model):
    """A file handed in with an application. `purpose` is the question it answers, or "completion"."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="domande/", max_length=120)
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["uploaded_at", "id"]

    def __str__(self) -> str:
        return str(self.public_id)


class StateChange(models.Model):
    """A state of an application changed: who, when, why. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="state_changes")
    before = models.CharField(max_length=12, choices=ApplicationState.choices)
    after = models.CharField(max_length=12, choices=ApplicationState.choices)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["changed_at", "id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.before} -> {self.after}"


class ServiceRating(models.Model):
    """How easy a service was to use (C.SE.1.7). Anonymous: neither the person nor the application is kept."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="ratings")
    rating = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    comment = models.CharField(max_length=200, blank=True)
    given_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["-given_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(rating__range=(1, 5)), name="rating_between_1_and_5")
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.rating}"


class AppointmentSlot(models.TextChoices):
    EARLY_MORNING = "9-11", _("mattina, dalle 9 alle 11")
    LATE_MORNING = "11-13", _("mattina, dalle 11 alle 13")
    AFTERNOON = "15-17", _("pomeriggio, dalle 15 alle 17")


class AppointmentRequest(models.Model):
    """Somebody asks to be seen at an office (C.SE.2.2). The office confirms by mail or telephone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    office = models.CharField(max_length=120)
    day = models.DateField()
    slot = models.CharField(max_length=5, choices=AppointmentSlot.choices)
    topic = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    name = models.CharField(max_length=160)
    email = models.EmailField()
    phone = models.CharField(max_length=30, blank=True)
    requested_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day", "slot", "id"]

    def __str__(self) -> str:
        return str(self.public_id)
