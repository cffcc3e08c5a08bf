"""Carts of a Comune: the notices that somebody pays together at Checkout, and what her browser came back with."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account
from sportello.billing.debts.models import PaymentOption
from sportello.kernel.money import Money

MOST_NOTICES = 5


class Return(models.TextChoices):
    """By which of its addresses Checkout sent the browser back. None of them is a payment (P25)."""

    OK = "ok", _("pagamento concluso")
    CANCEL = "annullato", _("pagamento lasciato")
    ERROR = "errore", _("pagamento non riuscito")
    WAITING = "attesa", _("pagamento in corso")


class Cart(models.Model):
    """What a person pays in one go. `public_id` is the idCart of Checkout: it comes back in the note of the receipts.

    `key` names the press of the button: pressed twice, one cart. `checkout_url` is where Checkout told to go, at
    `sent_at`; `returned` is the last way in which the browser came back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="carts")
    key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    checkout_url = models.CharField(max_length=1000, blank=True)
    sent_at = models.DateTimeField(null=True)
    returned = models.CharField(max_length=9, choices=Return.choices, blank=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["account", "returned_at"], name="cart_account_returned")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="cart_return_dated",
                condition=models.Q(returned="", returned_at__isnull=True)
                | (~models.Q(returned="") & models.Q(returned_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class CartNotice(models.Model):
    """A notice in a cart, with the amount it was put in with."""

    cart = models.ForeignKey(Cart, on_delete=models.PROTECT, related_name="notices")
    option = models.ForeignKey(PaymentOption, on_delete=models.PROTECT, related_name="cart_notices")
    number = models.PositiveSmallIntegerField()
    amount_cents = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["cart_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cart", "number"], name="cart_notice_number_once"),
            models.UniqueConstraint(fields=["cart", "option"], name="cart_notice_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=MOST_NOTICES), name="cart_notice_number"
            ),
            models.CheckConstraint(condition=models.Q(amount_cents__gte=1), name="cart_notice_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.cart_id}/{self.number}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents)
