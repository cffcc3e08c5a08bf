"""The checkout's own page: pay, be refused, go away, or let it wait; then back to the service."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from integrations.pagopa.simulator.addresses import our_station
from integrations.pagopa.simulator.arming import armed, spend
from integrations.pagopa.simulator.carts import leave_cart, lines_of, pay_cart, request_of
from integrations.pagopa.simulator.faults import WORDS
from integrations.pagopa.simulator.models import Cart, CartState
from integrations.pagopa.simulator.tasks import send_soon
from integrations.pagopa.simulator.wire import over_http
from sportello.kernel import clock

# Browsers hold `form-action` against every redirect that follows the form: here it leads back to the Comune's host.
POLICY: Any = {name: value for name, value in settings.SECURE_CSP.items() if name != "form-action"}


@never_cache
@csp_override(POLICY)
@require_http_methods(["GET", "POST"])
def cart(request: HttpRequest, token: str) -> HttpResponse:
    """The cart, each notice verified now; a button each for how it may end."""
    held = get_object_or_404(Cart, token=token)
    if request.method == "POST":
        return HttpResponseRedirect(_ended(held, request.POST.get("action", "")))
    lines = lines_of(held, station_url=our_station(), wire=over_http, now=clock.now()) if _is_open(held) else []
    total = sum(line.offer.amount_cents for line in lines if line.offer)
    context = {
        "cart": held,
        "is_open": _is_open(held),
        "lines": lines,
        "total": total,
        "payable": bool(lines) and all(line.offer for line in lines),
        "faults": [WORDS[fault][0] for fault in armed()],
        "back": request_of(held).return_urls.return_cancel_url,
    }
    return render(request, "nodo/cart.html", context)


def _is_open(held: Cart) -> bool:
    return held.state == CartState.OPEN


def _ended(held: Cart, action: str) -> str:
    if action not in {"pay", "wait"}:
        return leave_cart(held, refused=action == "refuse")
    back, _paid = pay_cart(
        held, station_url=our_station(), wire=over_http, faults=spend(), now=clock.now(), wait=action == "wait"
    )
    send_soon()
    return back
