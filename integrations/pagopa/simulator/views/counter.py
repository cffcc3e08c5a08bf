"""The tobacconist's: scan a notice, see what it costs today, take the money."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from integrations.pagopa.simulator.addresses import our_station
from integrations.pagopa.simulator.arming import armed, spend
from integrations.pagopa.simulator.contracts import BadAnswer
from integrations.pagopa.simulator.faults import WORDS
from integrations.pagopa.simulator.forms import ScanForm
from integrations.pagopa.simulator.offering import NoOffer, offer_of
from integrations.pagopa.simulator.paying import Paid, pay
from integrations.pagopa.simulator.providers import COUNTER
from integrations.pagopa.simulator.scanning import Scanned
from integrations.pagopa.simulator.tasks import send_soon
from integrations.pagopa.simulator.wire import NoAnswer, over_http
from sportello.kernel import clock


@never_cache
@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """First the code, then what the creditor says of it, then the receipt."""
    form = ScanForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "scanned": None,
        "offer": None,
        "refusal": "",
        "paid": None,
        "fee": COUNTER.fee_cents,
    }
    if form.is_bound and form.is_valid():
        read: Scanned = form.cleaned_data["scanned"]
        context["scanned"] = read
        if request.POST.get("action") == "pay":
            paid = _pay(read)
            context |= {"paid": paid if paid.is_paid else None, "refusal": f"{paid.fault_code}: {paid.words}"}
        else:
            try:
                context["offer"] = offer_of(
                    read.nav, read.fiscal_code, station_url=our_station(), wire=over_http, now=clock.now()
                )
            except NoOffer as error:
                context["refusal"] = str(error)
    context["faults"] = [WORDS[fault][0] for fault in armed()]
    return render(request, "nodo/counter.html", context, status=422 if form.errors else 200)


def _pay(read: Scanned) -> Paid:
    try:
        paid = pay(
            read.nav,
            read.fiscal_code,
            station_url=our_station(),
            wire=over_http,
            faults=spend(),
            provider=COUNTER,
            now=clock.now(),
        )
    except (NoAnswer, BadAnswer) as error:
        return Paid(read.nav, read.fiscal_code, fault_code=type(error).__name__, words=str(error))
    send_soon()
    return paid
