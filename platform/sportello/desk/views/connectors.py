"""Collegamenti: with which systems the Comune speaks, how it goes, and how that is changed."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from integrations.errors import words_of
from integrations.models import Connector, ConnectorExchange, Health, Outcome
from integrations.registry import Adapter, adapter_named, adapters_of, kinds, simulators_allowed
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.desk.connecting import save_connector, switch_connector, try_connector
from sportello.desk.connector_form import SECRET, ConnectorForm
from sportello.desk.connectors_seen import TONES, connectors_seen
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.listing import Tab, list_page, render_list

TABS = (
    Tab("", gettext_lazy("Tutti")),
    Tab("non-riusciti", gettext_lazy("Non riusciti"), Q(outcome=Outcome.FAILED)),
    Tab("riusciti", gettext_lazy("Riusciti"), Q(outcome=Outcome.OK)),
)
OPERATIONS = {"probe": gettext_lazy("prova"), "standing": gettext_lazy("posizione di una persona")}


@require_GET
@role_required(Role.ADMINISTRATOR)
def connectors(request: IdentifiedRequest) -> HttpResponse:
    """The systems the Comune speaks with."""
    return render(request, "desk/connectors.html", {"seen": connectors_seen()})


@require_GET
@role_required(Role.ADMINISTRATOR)
def kind(request: IdentifiedRequest, kind: str) -> HttpResponse:
    """The adapter that speaks, else the first there is."""
    found = next((one for one in connectors_seen() if one.kind == kind), None)
    if found is None:
        raise Http404
    return redirect("connectors:connector", kind, (found.adapter or adapters_of(kind)[0]).name)


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMINISTRATOR)
def connector(request: IdentifiedRequest, kind: str, adapter: str) -> HttpResponse:
    """The settings of an adapter, its health, its exchanges."""
    chosen = _adapter(kind, adapter)
    row = Connector.objects.filter(kind=kind, adapter=adapter).first()
    if request.method == "GET":
        return _page(request, chosen, row, ConnectorForm(chosen, row))
    form = ConnectorForm(chosen, row, request.POST)
    if form.is_valid():
        try:
            save_connector(
                adapter=chosen,
                values=form.values,
                secret_name=form.secret_name,
                actor=request.user,
                now=clock.now(),
            )
        except DomainError as refusal:
            form.add_error(SECRET if SECRET in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Impostazioni salvate."))
            return redirect("connectors:connector", kind, adapter)
    return _page(request, chosen, row, form)


@require_POST
@role_required(Role.ADMINISTRATOR)
def probe(request: IdentifiedRequest, kind: str, adapter: str) -> HttpResponse:
    """Tries the line, about nobody."""
    row = get_object_or_404(Connector, kind=kind, adapter=adapter)
    try:
        failure: DomainError | None = try_connector(connector=row, actor=request.user, now=clock.now())
    except DomainError as refusal:
        failure = refusal
    if failure is None:
        messages.success(request, _("Il collegamento funziona."))
    else:
        messages.error(request, failure.message)
    return redirect("connectors:connector", kind, adapter)


@require_POST
@role_required(Role.ADMINISTRATOR)
def switch(request: IdentifiedRequest, kind: str, adapter: str) -> HttpResponse:
    """On or off."""
    row, on = get_object_or_404(Connector, kind=kind, adapter=adapter), request.POST.get("stato") == "acceso"
    try:
        switch_connector(connector=row, on=on, actor=request.user, now=clock.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Collegamento acceso.") if on else _("Collegamento spento."))
    return redirect("connectors:connector", kind, adapter)


def _adapter(kind: str, adapter: str) -> Adapter:
    try:
        return adapter_named(kind, adapter)
    except KeyError as error:
        raise Http404 from error


def _page(request: IdentifiedRequest, chosen: Adapter, row: Connector | None, form: ConnectorForm) -> HttpResponse:
    exchanges = ConnectorExchange.objects.filter(kind=chosen.kind, adapter=chosen.name)
    page = list_page(
        request, exchanges, sorts={"quando": ("happened_at",)}, default_sort="-quando", tabs=TABS, exports=False
    )
    context = {
        "kind_label": kinds().get(chosen.kind, chosen.kind),
        "chosen": chosen,
        "adapters": [
            {"name": one.name, "label": one.label, "current": one == chosen} for one in adapters_of(chosen.kind)
        ],
        "row": row,
        "tone": TONES[Health(row.health)] if row else "neutral",
        "last_error": words_of(row.last_error_code) if row else "",
        "form": form,
        "has_errors": bool(form.errors),
        "refused": chosen.is_simulator and not simulators_allowed(),
        "exchanges": [
            {"row": one, "operation": OPERATIONS.get(one.operation, one.operation), "words": words_of(one.error_code)}
            for one in page.rows
        ],
    }
    if form.errors:
        return render(request, "desk/connector.html", {"page": page, **context}, status=422)
    return render_list(request, page, "desk/connector.html", context)
