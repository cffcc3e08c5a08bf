"""What the simulated Node keeps, in `public`, in the demo alone: carts, payments, receipts to deliver, flows."""

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

import integrations.pagopa.simulator.fence  # noqa: F401  # refuses to load in production


class KnownInstitution(models.Model):
    """A creditor as the BackOffice has it: a copy of its own, which may drift from ours (P4)."""

    fiscal_code = models.CharField(max_length=11, unique=True)
    company_name = models.CharField(max_length=140)
    broker_code = models.CharField(max_length=11)
    station_code = models.CharField(max_length=35)
    segregation_code = models.CharField(max_length=2)
    cbill_code = models.CharField(max_length=5, blank=True)
    ibans = models.JSONField(default=list)
    registered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["fiscal_code"]

    def __str__(self) -> str:
        return self.fiscal_code


class CartState(models.TextChoices):
    """How a cart ended, or that it has not."""

    OPEN = "open", _("aperto")
    PAID = "paid", _("pagato")
    WAITING = "waiting", _("in attesa")
    REFUSED = "refused", _("rifiutato")
    ABANDONED = "abandoned", _("abbandonato")


class Cart(models.Model):
    """What was sent to the checkout; `content` as it came."""

    token = models.CharField(max_length=32, unique=True)
    content = models.JSONField()
    state = models.CharField(max_length=10, choices=CartState, default=CartState.OPEN)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.token


class Payment(models.Model):
    """Money was paid at a provider: the receipt in full, and what the flows will say of it."""

    receipt_id = models.CharField(max_length=35, unique=True)
    nav = models.CharField(max_length=18)
    fiscal_code = models.CharField(max_length=11)
    iuv = models.CharField(max_length=35)
    amount_cents = models.PositiveBigIntegerField()
    psp_id = models.CharField(max_length=35)
    paid_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField(default=2)
    receipt = models.JSONField()
    silent = models.BooleanField(default=False)
    stray = models.BooleanField(default=False)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, null=True, related_name="payments")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["fiscal_code", "paid_at"], name="nodo_payment_day")]

    def __str__(self) -> str:
        return self.receipt_id


class DeliveryState(models.TextChoices):
    """Where a receipt is on its way to the creditor."""

    WAITING = "waiting", _("in coda")
    DELIVERED = "delivered", _("consegnata")
    GIVEN_UP = "given_up", _("ferma: serve una richiesta")


class Delivery(models.Model):
    """A receipt to be sent until the creditor takes it. `faults`: what goes wrong at the first attempt."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    station_url = models.CharField(max_length=300)
    faults = models.JSONField(default=list)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="nodo_delivery_due")]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.state}"


TITLES: Final = {
    "backoffice": "BackOffice",
    "cart": _("Carrello"),
    "flow": _("Flusso"),
    "kept": _("Pagato in GPD"),
    "silent": _("Pagato senza ricevuta"),
}


class Happening(models.Model):
    """One thing that happened, with its messages."""

    at = models.DateTimeField()
    what = models.CharField(max_length=40)
    nav = models.CharField(max_length=18, blank=True)
    fiscal_code = models.CharField(max_length=11, blank=True)
    outcome = models.CharField(max_length=300)
    good = models.BooleanField(default=True)
    milliseconds = models.PositiveIntegerField(default=0)
    request = models.TextField(blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.what} {self.outcome}"

    @property
    def title(self) -> str:
        """What happened, in the reader's words; a call has its own name."""
        return str(TITLES.get(self.what, self.what))


class ArmedFault(models.Model):
    """A fault that the next payment of the pages will have."""

    name = models.CharField(max_length=32, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Flow(models.Model):
    """A reporting flow of a provider for a creditor; a new revision stands beside the old one (P32)."""

    fiscal_code = models.CharField(max_length=11)
    psp_id = models.CharField(max_length=35)
    fdr = models.CharField(max_length=35)
    revision = models.PositiveIntegerField()
    day = models.DateField()
    published_at = models.DateTimeField()
    regulation = models.CharField(max_length=35)
    regulation_on = models.DateField()
    declared_count = models.PositiveIntegerField()
    declared_cents = models.PositiveBigIntegerField()
    lines = models.JSONField()

    class Meta:
        ordering: ClassVar = ["published_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["psp_id", "fdr", "revision"], name="nodo_flow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fdr} rev. {self.revision}"


class PositionState(models.TextChoices):
    """The states of a debt position (P9); the names are GPD's."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    VALID = "VALID"
    INVALID = "INVALID"
    EXPIRED = "EXPIRED"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    PAID = "PAID"
    REPORTED = "REPORTED"


class Position(models.Model):
    """A debt position in GPD, or its copy in ACA; `content` as it came."""

    product = models.CharField(max_length=3)
    fiscal_code = models.CharField(max_length=11)
    iupd = models.CharField(max_length=64)
    state = models.CharField(max_length=14, choices=PositionState)
    content = models.JSONField()
    valid_from = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    inserted_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "fiscal_code", "iupd"], name="nodo_position_once"),
        ]

    def __str__(self) -> str:
        return self.iupd


class Option(models.Model):
    """A way to pay a position: alone, or one of the instalments."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="options")
    product = models.CharField(max_length=3)
    fiscal_code = models.CharField(max_length=11)
    nav = models.CharField(max_length=18)
    iuv = models.CharField(max_length=35)
    amount_cents = models.PositiveBigIntegerField()
    partial = models.BooleanField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=21, default="PO_UNPAID")
    paid_at = models.DateTimeField(null=True)
    receipt_id = models.CharField(max_length=35, blank=True)
    psp_name = models.CharField(max_length=70, blank=True)
    content = models.JSONField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "fiscal_code", "nav"], name="nodo_option_nav"),
            models.UniqueConstraint(fields=["product", "fiscal_code", "iuv"], name="nodo_option_iuv"),
        ]

    def __str__(self) -> str:
        return self.nav
