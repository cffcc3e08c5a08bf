"""The Comuni as pagoPA knows them: in `public`, since the station is asked before it knows whose schema it is."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.models import Municipality

# Of the ministries, the chambers of commerce, ACI and PagoPA itself: never a Comune's (P3).
CENTRAL_SEGREGATIONS: Final = ("99", "98", "97", "96", "85", "81", "47")


class Gateway(models.TextChoices):
    """How a Comune reaches pagoPA; the values name the adapters of the registry."""

    STATION = "station", _("stazione propria")
    GPD = "gpd", _("posizioni su GPD")
    ACA = "aca", _("posizioni su ACA")
    MYPAY = "mypay", _("MyPay della Regione")


class InstitutionState(models.TextChoices):
    """How far the Comune has come with pagoPA."""

    DRAFT = "draft", _("in preparazione")
    TESTING = "collaudo", _("in collaudo")
    PRODUCTION = "production", _("in esercizio")


def _digits(field: str, count: int) -> Q:
    return Q(**{f"{field}__regex": rf"^[0-9]{{{count}}}$"})


def _empty_or(field: str, pattern: str) -> Q:
    return Q(**{field: ""}) | Q(**{f"{field}__regex": pattern})


class CreditorInstitution(models.Model):
    """A Comune as pagoPA's creditor institution. One station serves all: it tells them apart by `fiscal_code` (P2).

    The segregation code is assigned by PagoPA for this broker: stored, never worked out. `company_name` is what stands
    on notices, up to 140 characters (50 on paper).
    """

    municipality = models.OneToOneField(Municipality, on_delete=models.PROTECT, related_name="creditor_institution")
    fiscal_code = models.CharField(max_length=11, unique=True)
    broker_code = models.CharField(max_length=11, blank=True)
    station_code = models.CharField(max_length=35, blank=True)
    segregation_code = models.CharField(max_length=2, blank=True)
    cbill_code = models.CharField(max_length=5, blank=True)
    iban = models.CharField(max_length=35, blank=True)
    postal_iban = models.CharField(max_length=35, blank=True)
    postal_account = models.CharField(max_length=12, blank=True)
    postal_authorised = models.BooleanField(default=False)
    company_name = models.CharField(max_length=140)
    office_name = models.CharField(max_length=140, blank=True)
    adapter = models.CharField(max_length=8, choices=Gateway.choices, default=Gateway.STATION)
    state = models.CharField(max_length=10, choices=InstitutionState.choices, default=InstitutionState.DRAFT)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["company_name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_digits("fiscal_code", 11), name="institution_fiscal_code"),
            models.CheckConstraint(condition=_empty_or("broker_code", r"^[0-9]{11}$"), name="institution_broker"),
            models.CheckConstraint(
                condition=_empty_or("station_code", r"^[0-9]{11}_[0-9]{2}$"), name="institution_station"
            ),
            models.CheckConstraint(
                condition=_empty_or("segregation_code", r"^[0-9]{2}$"), name="institution_segregation"
            ),
            models.CheckConstraint(
                condition=~Q(segregation_code__in=CENTRAL_SEGREGATIONS), name="institution_segregation_ours"
            ),
            models.CheckConstraint(condition=_empty_or("cbill_code", r"^[A-Z0-9]{5}$"), name="institution_cbill"),
            models.CheckConstraint(
                condition=_empty_or("iban", r"^IT[0-9]{2}[A-Z][0-9]{10}[0-9A-Z]{12}$")
                & _empty_or("postal_iban", r"^IT[0-9]{2}[A-Z][0-9]{10}[0-9A-Z]{12}$"),
                name="institution_iban",
            ),
            models.CheckConstraint(
                condition=_empty_or("postal_account", r"^[0-9]{1,12}$"), name="institution_postal_account"
            ),
            models.CheckConstraint(
                condition=Q(postal_authorised=False) | ~Q(postal_account=""), name="institution_postal_print"
            ),
            models.CheckConstraint(
                condition=Q(state=InstitutionState.DRAFT)
                | Q(adapter=Gateway.MYPAY)
                | ~(Q(broker_code="") | Q(station_code="") | Q(segregation_code="") | Q(iban="")),
                name="institution_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_name} ({self.fiscal_code})"


class DriftCheck(models.Model):
    """A comparison of our codes with PagoPA's record, for one broker. Without an `error_code` it was made whole."""

    broker_code = models.CharField(max_length=11)
    checked_at = models.DateTimeField()
    error_code = models.CharField(max_length=64, blank=True)
    institutions = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-checked_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["broker_code", "-checked_at"], name="drift_check_when")]

    def __str__(self) -> str:
        return f"{self.broker_code} {self.checked_at:%Y-%m-%d}"


class Drift(models.Model):
    """A difference that stands: what we have (`ours`) and what PagoPA has. Gone as soon as a check does not find it.

    A creditor that PagoPA has and we have not is one without a Comune of ours: `name` is PagoPA's.
    """

    broker_code = models.CharField(max_length=11)
    fiscal_code = models.CharField(max_length=11)
    name = models.CharField(max_length=140)
    what = models.CharField(max_length=16)
    ours = models.CharField(max_length=255, blank=True)
    theirs = models.CharField(max_length=255, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "fiscal_code", "what"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["broker_code", "fiscal_code", "what"], name="drift_once")
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_code} {self.what}"
