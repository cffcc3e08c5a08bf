"""The citizen pays: a choice becomes a cart, the cart leads to Checkout, its page says what came of it.

Support may look, never pay on somebody's behalf.
"""

from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from integrations.errors import ConnectorError
from sportello.accounts.permissions import IdentifiedRequest, identified, in_person
from sportello.billing.carts.checkout import checkout_address
from sportello.billing.carts.choosing import open_cart
from sportello.billing.carts.models import Cart, Return
from sportello.billing.carts.outcome import outcome_of
from sportello.billing.carts.returning import note_return
from sportello.billing.carts.taking_back import take_back
from sportello.billing.publishing.tasks import poll_the_recent
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

STOP_POLLING: Final = 286  # htmx: the last answer, ask no more
SECONDS_BETWEEN_LOOKS: Final = 10


@require_http_methods(["GET", "POST"])
@identified
@in_person
def choose(request: IdentifiedRequest) -> HttpResponse:
    """Opens the cart of the chosen items and shows it; a choice that cannot be paid, or none, leads to the list."""
    if request.method == "GET":
        return redirect("desk:dues")
    try:
        cart = open_cart(
            account=request.user, chosen=request.POST.getlist("voce"), token=token_of(request), now=clock.now()
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("desk:dues")
    return redirect("carts:cart", cart.public_id)


@require_GET
@identified
def cart(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """What is to be paid in all; after the way back, whether the receipts have come: until then it looks again."""
    outcome = outcome_of(_cart(request, public_id), clock.now())
    htmx = bool(getattr(request, "htmx", False))
    template = "billing/cart.html#outcome" if htmx else "billing/cart.html"
    status = STOP_POLLING if htmx and not outcome.is_checking else 200
    response = render(request, template, {"outcome": outcome}, status=status)
    if outcome.is_checking and not htmx:
        response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)  # without scripts the page looks again by itself
    return response


@require_GET
@identified
@in_person
def go(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """To Checkout. By a link, not a form: under `form-action 'self'` a browser goes nowhere else from a form."""
    found = _cart(request, public_id)

    def page(how: Return) -> str:
        return request.build_absolute_uri(reverse("carts:back", args=[found.public_id, how.value]))

    try:
        address = checkout_address(cart=found, page=page, email=request.user.email, now=clock.now())
    except (ConnectorError, DomainError) as error:
        messages.error(request, _("%(why)s Puoi riprovare, o scaricare l'avviso e pagarlo dove vuoi.") % {"why": error})
        return redirect("carts:cart", found.public_id)
    return redirect(address) if address else redirect("carts:cart", found.public_id)


@require_POST
@identified
@in_person
def undo(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Takes back the notices that this cart has opened: their sums stand in the list again."""
    found = _cart(request, public_id)
    try:
        take_back(account=request.user, cart=found, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("carts:cart", found.public_id)
    messages.success(request, _("Avvisi annullati: puoi scegliere di nuovo che cosa pagare."))
    return redirect("desk:dues")


@require_GET
@identified
def back(request: IdentifiedRequest, public_id: UUID, how: str) -> HttpResponse:
    """Back from Checkout: to the page of the cart, so that reading it again says nothing new."""
    if how not in Return.values:
        raise Http404
    found = _cart(request, public_id)
    note_return(cart=found, how=Return(how), now=clock.now())
    # Where nobody brings receipts. The broker may be down: the round of every five minutes asks anyway.
    transaction.on_commit(lambda: poll_the_recent.apply_async(retry=False), robust=True)
    return redirect("carts:cart", found.public_id)


def _cart(request: IdentifiedRequest, public_id: UUID) -> Cart:
    return get_object_or_404(Cart, public_id=public_id, account_id=request.user.pk)


def token_of(request: IdentifiedRequest) -> UUID:
    """What was drawn when the page was shown; one drawn now when it is missing."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid4()
