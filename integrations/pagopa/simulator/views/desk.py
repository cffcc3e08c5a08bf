"""The Node's desk: what happened, what waits, and a button for each thing that may go wrong."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from lxml import etree

from integrations.pagopa.simulator.addresses import our_station
from integrations.pagopa.simulator.arming import armed, armed_calls, switch
from integrations.pagopa.simulator.contracts import BadAnswer
from integrations.pagopa.simulator.delivering import queue, restart, send_due
from integrations.pagopa.simulator.faults import CALL_WORDS, WORDS, CallFault, Fault
from integrations.pagopa.simulator.flows import make_flows
from integrations.pagopa.simulator.forms import FlowForm, InstitutionForm
from integrations.pagopa.simulator.happened import note
from integrations.pagopa.simulator.institutions import register_again, spoil_segregation
from integrations.pagopa.simulator.models import Delivery, DeliveryState, Flow, Happening, Payment
from integrations.pagopa.simulator.paying import stray_receipt
from integrations.pagopa.simulator.wire import over_http
from sportello.kernel import clock

MOST = 40


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    on = {*armed(), *armed_calls()}
    waiting = Delivery.objects.exclude(state=DeliveryState.DELIVERED).select_related("payment")
    context = {
        "happenings": Happening.objects.defer("request", "answer")[:MOST],
        "waiting": waiting[:MOST],
        "faults": [(fault, words, help_text, fault in on) for fault, (words, help_text) in WORDS.items()],
        "call_faults": [(fault, words, help_text, fault in on) for fault, (words, help_text) in CALL_WORDS.items()],
        "flows": Flow.objects.order_by("-id")[:10],
        "flow_form": FlowForm(today=clock.today()),
        "institution_form": InstitutionForm(prefix="stray", auto_id="stray_%s"),
        "backoffice_form": InstitutionForm(prefix="code", auto_id="code_%s"),
        "last": Payment.objects.filter(stray=False).first(),
    }
    return render(request, "nodo/home.html", context)


@require_POST
def arm(_request: HttpRequest, name: str) -> HttpResponse:
    """The switch of a fault."""
    if name not in Fault and name not in CallFault:
        raise Http404
    switch(fault=Fault(name) if name in Fault else CallFault(name))
    return _back("guasti")


@require_POST
def run_queue(_request: HttpRequest) -> HttpResponse:
    """Everything that waits is due now."""
    now = clock.now()
    Delivery.objects.filter(state=DeliveryState.WAITING).update(due_at=now)
    send_due(now=now, wire=over_http)
    return _back()


@require_POST
def restart_queue(_request: HttpRequest) -> HttpResponse:
    """Somebody asks for what had been given up."""
    restart(now=clock.now())
    return run_queue(_request)


@require_POST
def send_again(_request: HttpRequest) -> HttpResponse:
    """The last receipt once more, as it was."""
    last = Payment.objects.filter(stray=False).first()
    if last is not None:
        now = clock.now()
        queue(last, station_url=our_station(), due_at=now)
        send_due(now=now, wire=over_http)
    return _back()


@require_POST
def send_stray(request: HttpRequest) -> HttpResponse:
    """A receipt of a notice that the creditor has never issued."""
    form = InstitutionForm(request.POST, prefix="stray")
    if form.is_valid():
        try:
            stray_receipt(form.cleaned_data["creditor"], station_url=our_station(), wire=over_http, now=clock.now())
        except BadAnswer:
            return _back()  # the list tells it already, in red
    return _back()


@require_POST
def make_flows_now(request: HttpRequest) -> HttpResponse:
    """The flows of a day, without waiting for the next one."""
    form = FlowForm(request.POST, today=clock.today())
    if form.is_valid():
        day = date.fromisoformat(form.cleaned_data["day"])
        if not make_flows(day, tuple(form.cleaned_data["faults"])):
            note("flow", f"{day}: 0")
    return _back("flussi")


@require_POST
def backoffice(request: HttpRequest) -> HttpResponse:
    """Another segregation code for one creditor, or agreement again for all."""
    if request.POST.get("action") == "agree":
        register_again()
        note("backoffice", "registered again")
        return _back("backoffice")
    form = InstitutionForm(request.POST, prefix="code")
    if form.is_valid():
        row = spoil_segregation(fiscal_code=form.cleaned_data["creditor"])
        note("backoffice", f"segregation code {row.segregation_code}", fiscal_code=row.fiscal_code)
    return _back("backoffice")


@never_cache
@require_GET
def happening(request: HttpRequest, number: int) -> HttpResponse:
    """One thing that happened, with its messages in full."""
    held = get_object_or_404(Happening, pk=number)
    context = {"happening": held, "request_text": _pretty(held.request), "answer_text": _pretty(held.answer)}
    return render(request, "nodo/happening.html", context)


def _back(anchor: str = "") -> HttpResponseRedirect:
    address = redirect("nodo:home").url
    return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)


def _pretty(text: str) -> str:
    """A message with its lines broken; as it came when it is no XML."""
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, remove_blank_text=True))
    except etree.XMLSyntaxError:
        return text
    return etree.tostring(root, pretty_print=True, encoding="unicode")
