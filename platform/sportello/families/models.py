"""Families of a Comune."""

import uuid
from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account
from sportello.kernel.names import shown_name
from sportello.schools.models import Section


class Sex(models.TextChoices):
    FEMALE = "F", _("femmina")
    MALE = "M", _("maschio")


class Household(models.Model):
    """The people counted together for sibling rules; not the ISEE unit nor the registry family."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    def __str__(self) -> str:
        return str(self.public_id)


class Person(models.Model):
    """What adults and children share."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fiscal_code = models.CharField(max_length=16, unique=True, null=True)  # noqa: DJ001 -- several unknown, none equal
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(null=True)
    birthplace_code = models.CharField(max_length=4, blank=True)
    address = models.CharField(max_length=160, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    residence_code = models.CharField(max_length=4, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def full_name(self) -> str:
        """Given name first, for sentences and headings; capitals of old archives become initial capitals."""
        return shown_name(f"{self.given_name} {self.family_name}".strip())

    @property
    def listed_name(self) -> str:
        """Family name first, for lists."""
        return shown_name(f"{self.family_name} {self.given_name}".strip())


class Adult(Person):
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "id"]


class Child(Person):
    """The person who uses the services. `legacy_id` is its key in the previous back office."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="children")
    legacy_id = models.CharField(max_length=40, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "id"]


class GuardianKind(models.TextChoices):
    PARENT = "parent", _("genitore")
    LEGAL_GUARDIAN = "legal_guardian", _("tutore")
    FOSTER_CARER = "foster_carer", _("affidatario")


class Guardianship(models.Model):
    """An adult acts for a child, in a period, unless barred by a court. `court_act` names the order that bars, or the
    one that lifted the bar: court, number, register of the Comune.
    """

    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="guardianships")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="guardianships")
    kind = models.CharField(max_length=16, choices=GuardianKind.choices, default=GuardianKind.PARENT)
    barred = models.BooleanField(default=False)
    court_act = models.CharField(max_length=200, blank=True, db_default="")
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["child_id", "adult_id", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="guardianship_no_overlap",
                expressions=[
                    ("adult", RangeOperators.EQUAL),
                    ("child", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.adult_id} {self.child_id}"


class Act(models.TextChoices):
    """What a guardian may let somebody else do. Each is read by pages of its own; none opens what another does."""

    SEE = "see", _("vedere classe, servizi e pasti")
    PAY = "pay", _("vedere quanto c'è da pagare e l'estratto conto")
    APPLY = "apply", _("fare domande e seguire quelle che invia")


class DelegationEnd(models.TextChoices):
    """How a delegation ended before its last day."""

    REVOKED = "revoked", _("revocata")
    RENOUNCED = "renounced", _("rinunciata")


class Delegation(models.Model):
    """A guardian lets somebody, who enters with her own identity, do some acts for a child in a period.

    Whether it counts is decided when it is read: also the guardian who gave it must still act for the child.
    The delegate is known by fiscal code alone: most delegates have never entered when they are named.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="delegations")
    granted_by = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="delegations_given")
    granted_at = models.DateTimeField()
    delegate_code = models.CharField(max_length=16, db_index=True)
    delegate_given_name = models.CharField(max_length=80)
    delegate_family_name = models.CharField(max_length=80)
    acts = ArrayField(models.CharField(max_length=8, choices=Act.choices))
    valid_during = DateRangeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=12, choices=DelegationEnd.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["-granted_at", "-id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="delegation_no_overlap",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    ("delegate_code", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="delegation_acts_known",
                condition=models.Q(acts__len__gt=0, acts__contained_by=Act.values),
            ),
            models.CheckConstraint(
                name="delegation_dated",
                condition=models.Q(
                    valid_during__isempty=False, valid_during__lower_inf=False, valid_during__upper_inf=False
                ),
            ),
            models.CheckConstraint(
                name="delegation_delegate_code", condition=models.Q(delegate_code__regex=r"^[A-Z0-9]{16}$")
            ),
            models.CheckConstraint(
                name="delegation_end_told",
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True, end_reason="")
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False, end_reason__in=DelegationEnd.values),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def delegate_name(self) -> str:
        """As the guardian typed it; capitals become initial capitals."""
        return shown_name(f"{self.delegate_given_name} {self.delegate_family_name}")

    @property
    def last_day(self) -> date:
        """The last day on which it counts, as people write periods."""
        last: date = self.valid_during.upper - timedelta(days=1)
        return last

    @property
    def act_labels(self) -> list[str]:
        """What the delegate may do, in words."""
        return [str(act.label) for act in Act if act.value in self.acts]


class PayerAssignment(models.Model):
    """Who pays for a child, in a period: one at a time."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="payers")
    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="paid_children")
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["child_id", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="payer_no_overlap",
                expressions=[("child", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.adult_id} {self.child_id}"


class Pupil(models.Model):
    """A child sits in a section, in a period: one at a time."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="placements")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="pupils")
    valid_during = DateRangeField()

    class Meta:
        ordering: ClassVar = ["child_id", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="pupil_no_overlap",
                expressions=[("child", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.section_id}"
