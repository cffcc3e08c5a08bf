"""Accounts and role grants of a Comune (or of the central team, in its own schema)."""

import uuid
from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.accounts.rules import ADULT_AGE, age_on


class Scheme(models.TextChoices):
    """What kind of key identifies the person."""

    FISCAL_CODE = "fiscal_code", _("codice fiscale")
    LOCAL = "local", _("utenza locale")
    MIRROR = "mirror", _("utenza del Comune, nell'ambiente di prova")
    CENTRAL = "central", _("utenza della squadra centrale")


class Role(models.TextChoices):
    """What a person may do. A citizen needs no grant: every identified person is one."""

    DELEGATE = "delegate", _("delegato")
    SCHOOL = "school", _("scuola")
    CLERK = "clerk", _("operatore d'ufficio")
    ACCOUNTANT = "accountant", _("ragioneria")
    SUPPORT = "support", _("assistenza")
    ADMINISTRATOR = "administrator", _("amministratore comunale")
    CENTRAL = "central", _("squadra centrale")
    ONBOARDER = "onboarder", _("squadra centrale, per i caricamenti")


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(public_id=username or "")


class Account(AbstractBaseUser):
    """A person who logs in to one Comune. Unrelated to the same person's account in another Comune."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scheme = models.CharField(max_length=16, choices=Scheme.choices)
    identifier = models.CharField(max_length=64)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "public_id"
    REQUIRED_FIELDS: ClassVar = ["scheme", "identifier"]
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "identifier"], name="account_scheme_identifier")
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def get_full_name(self) -> str:
        """Django's name for `full_name`."""
        return self.full_name

    def age_on(self, day: date) -> int | None:
        """Years completed on that day; None for a local account, whose birth date nobody vouches for."""
        return None if self.birth_date is None else age_on(self.birth_date, day)

    def is_minor_on(self, day: date) -> bool:
        """Whether she is known to be under 18 on that day: the parents' services are closed to her."""
        age = self.age_on(day)
        return age is not None and age < ADULT_AGE

    @property
    def is_local(self) -> bool:
        """Whether she enters with a password and a code instead of a digital identity."""
        return self.scheme == Scheme.LOCAL

    @property
    def fiscal_code(self) -> str | None:
        return self.identifier if self.scheme == Scheme.FISCAL_CODE else None

    def roles_on(self, day: date) -> frozenset[Role]:
        """The roles granted on that day (one query, remembered on this instance)."""
        cache: dict[date, frozenset[Role]] = self.__dict__.setdefault("_roles", {})
        if day not in cache:
            values = self.grants.filter(valid_during__contains=day).values_list("role", flat=True)
            cache[day] = frozenset(Role(value) for value in values)
        return cache[day]

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002 -- Django's signature
        """Django's model permissions are not used: rooms ask for roles."""
        return False

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002 -- Django's signature
        return False


class RoleGrant(models.Model):
    """A role for a period. Revoking closes the period; rows are not deleted."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=16, choices=Role.choices)
    valid_during = DateRangeField()
    granted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["account_id", "role", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="role_grant_no_overlap",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.account_id}"


class WayIn(models.TextChoices):
    """The door through which a session was opened."""

    SPID = "spid", _("SPID")
    CIE = "cie", _("CIE")
    LOCAL = "local", _("utenza locale")
    MIRROR = "mirror", _("accesso dal Comune")
    CENTRAL = "central", _("accesso dalla squadra centrale")


class EndReason(models.TextChoices):
    """Why a session is over: the closed list."""

    LOGOUT = "logout", _("uscita")
    CLOSED_BY_OWNER = "closed_by_owner", _("chiusa da un altro dispositivo")
    PROVIDER = "provider", _("uscita dal gestore di identità")
    EXPIRED = "expired", _("scaduta")
    SUSPENDED = "suspended", _("utenza sospesa")
    ROLE = "role", _("ruolo terminato")
    PASSWORD = "password", _("password cambiata")


class OpenSession(models.Model):
    """A browser in which a person has entered: how, on what, since when; kept a while after its end.

    It says whether the session counts: an ended one opens nothing, even where Django's own row were still there.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    provider = models.CharField(max_length=16, choices=WayIn.choices)
    provider_name = models.CharField(max_length=120, blank=True)
    level = models.PositiveSmallIntegerField()
    browser = models.CharField(max_length=30, blank=True)
    system = models.CharField(max_length=30, blank=True)
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, choices=EndReason.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["-last_seen_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, end_reason="")
                | models.Q(ended_at__isnull=False) & ~models.Q(end_reason=""),
                name="open_session_ends_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def device(self) -> str:
        """ "Chrome su Android", in the language of who reads; empty when nothing was recognised."""
        if self.browser and self.system:
            return str(_("%(browser)s su %(system)s") % {"browser": self.browser, "system": self.system})
        return self.browser or self.system


class VisitEnd(models.TextChoices):
    """Why a visit of support is over: the closed list."""

    FINISHED = "finished", _("terminata")
    TIME_OVER = "time_over", _("tempo finito")
    SESSION_OVER = "session_over", _("accesso finito")
    REVOKED = "revoked", _("ruolo terminato")
    CITIZEN = "citizen", _("utenza non più assistibile")


class SupportVisit(models.Model):
    """A supporter acts as a citizen in one of her sessions: why, from when, until when at the latest."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supporter = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="visits_made")
    citizen = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="visits_had")
    session = models.ForeignKey(OpenSession, on_delete=models.SET_NULL, null=True, related_name="visits")
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, choices=VisitEnd.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supporter"], condition=models.Q(ended_at__isnull=True), name="support_visit_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~models.Q(supporter=models.F("citizen")), name="support_visit_not_to_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__lte=models.F("started_at") + timedelta(minutes=30)),
                name="support_visit_half_an_hour",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
