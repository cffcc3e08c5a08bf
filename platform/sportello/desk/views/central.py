"""The central team's desk: the Comuni, and one of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.desk import municipal_settings
from sportello.desk.administrators import administrators_of, appoint_administrator
from sportello.desk.central_forms import AdministratorForm, DomainForm, MunicipalityFilters, StageForm
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.export import Column, export_response
from sportello.ui.listing import Tab, list_page, render_list
from tenants.domains import is_built_in
from tenants.migration_states import MigrationState, migration_states
from tenants.models import Domain, Municipality, Stage

SORTS = {
    "nome": ("name",),
    "istat": ("istat_code",),
    "belfiore": ("belfiore_code",),
    "abitanti": ("population",),
    "fase": ("stage", "name"),
}
TABS = (
    Tab("", gettext_lazy("Tutti")),
    Tab("attivi", gettext_lazy("Attivi"), Q(stage=Stage.LIVE)),
    Tab("avviamento", gettext_lazy("In avviamento"), ~Q(stage__in=[Stage.LIVE, Stage.ASSESSMENT])),
    Tab("valutazione", gettext_lazy("In valutazione"), Q(stage=Stage.ASSESSMENT, left_on=None)),
    Tab("usciti", gettext_lazy("Usciti"), Q(left_on__isnull=False)),
)
COLUMNS: tuple[Column[Municipality], ...] = (
    Column(gettext_lazy("Comune"), lambda row: row.name),
    Column("ISTAT", lambda row: row.istat_code),
    Column("Belfiore", lambda row: row.belfiore_code),
    Column("Schema", lambda row: row.schema_name),
    Column(gettext_lazy("Abitanti"), lambda row: row.population),
    Column(gettext_lazy("Fase"), lambda row: _("uscito") if row.left_on else row.get_stage_display()),
    Column(gettext_lazy("Uscito il"), lambda row: row.left_on),
)
MIGRATION_LABELS = {
    MigrationState.ALIGNED: gettext_lazy("aggiornato"),
    MigrationState.BEHIND: gettext_lazy("da aggiornare"),
    MigrationState.MISSING: gettext_lazy("da creare"),
}
MIGRATION_TONES = {
    MigrationState.ALIGNED: "success",
    MigrationState.BEHIND: "attention",
    MigrationState.MISSING: "neutral",
}
SHOWN_CHANGES = 5
STAGE_TONES = {Stage.LIVE: "success", Stage.ASSESSMENT: "neutral"}


@dataclass(frozen=True, slots=True)
class Row:
    """A Comune with what the table says of it."""

    municipality: Municipality
    hosts: list[str]
    stage_tone: str
    migration_label: object
    migration_tone: str


@require_GET
@role_required(Role.CENTRAL)
def home(request: IdentifiedRequest) -> HttpResponse:
    """The Comuni of the metropolitan city: filters and order in the address, in a fixed number of queries."""
    rows = Municipality.objects.prefetch_related("domains")
    page = list_page(
        request, rows, filters=MunicipalityFilters, sorts=SORTS, default_sort="nome", tabs=TABS, per_page=50
    )
    if page.export_format:
        return export_response(page, COLUMNS, filename="comuni")
    states = migration_states()
    return render_list(request, page, "central/home.html", {"rows": [_row(each, states) for each in page.rows]})


@require_GET
@role_required(Role.CENTRAL)
def municipality(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """One Comune: facts, stage, domains, administrators."""
    return _page(request, _find(belfiore))


@require_POST
@role_required(Role.CENTRAL)
def stage(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Moves the Comune to another stage."""
    found = _find(belfiore)
    form = StageForm(request.POST, current=Stage(found.stage))
    if form.is_valid():
        wanted = Stage(form.cleaned_data["stage"])
        try:
            municipal_settings.change_stage(
                municipality=found,
                stage=wanted,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=clock.now(),
            )
        except DomainError as error:
            form.add_error("stage", str(error))
        else:
            return _done(request, found, _("Fase aggiornata."))
    return _page(request, found, stage_form=form)


@require_POST
@role_required(Role.CENTRAL)
def add_domain(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Adds a domain of the Comune's own."""
    found = _find(belfiore)
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            domain = municipal_settings.add_domain(
                municipality=found, host=form.cleaned_data["host"], actor=request.user, now=clock.now()
            )
        except DomainError as error:
            form.add_error("host", str(error))
        else:
            return _done(request, found, _("Dominio %(host)s aggiunto.") % {"host": domain.domain})
    return _page(request, found, domain_form=form)


@require_POST
@role_required(Role.CENTRAL)
def change_domain(request: IdentifiedRequest, belfiore: str, pk: int) -> HttpResponse:
    """Makes a domain the primary one, or removes it."""
    found = _find(belfiore)
    domain = get_object_or_404(Domain.objects.select_related("tenant"), pk=pk, tenant=found)
    act = (
        municipal_settings.remove_domain
        if request.POST.get("action") == "remove"
        else municipal_settings.make_domain_primary
    )
    try:
        act(domain=domain, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, found, failed=True)
    return _done(request, found, _("Domini aggiornati."))


@require_POST
@role_required(Role.CENTRAL)
def add_administrator(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Names an administrator of the Comune."""
    found = _find(belfiore)
    form = AdministratorForm(request.POST)
    if form.is_valid():
        try:
            appoint_administrator(municipality=found, **form.cleaned_data, actor=request.user, now=clock.now())
        except DomainError as error:
            form.add_error("fiscal_code", str(error))
        else:
            return _done(request, found, _("Amministratore nominato: entra con la propria identità digitale."))
    return _page(request, found, administrator_form=form)


def _find(belfiore: str) -> Municipality:
    found: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    return found


def _row(each: Municipality, states: dict[str, MigrationState]) -> Row:
    state = states.get(each.schema_name, MigrationState.MISSING)
    return Row(
        municipality=each,
        hosts=[str(domain.domain) for domain in each.domains.all()],
        stage_tone=STAGE_TONES.get(Stage(each.stage), "info"),
        migration_label=MIGRATION_LABELS[state],
        migration_tone=MIGRATION_TONES[state],
    )


def _page(request: HttpRequest, found: Municipality, *, failed: bool = False, **bound: forms.Form) -> HttpResponse:
    today: date = clock.today()
    context: dict[str, Any] = {
        "row": _row(found, migration_states()),
        "domains": [(domain, is_built_in(domain)) for domain in found.domains.all()],
        "administrators": administrators_of(found, today),
        "stage_changes": found.stage_changes.all()[:SHOWN_CHANGES],
        "stage_form": StageForm(current=Stage(found.stage)),
        "domain_form": DomainForm(),
        "administrator_form": AdministratorForm(),
        **bound,
    }
    wrong = failed or any(form.errors for form in bound.values())
    context |= {"has_errors": wrong, "form": next(iter(bound.values()), None)}
    return render(request, "central/municipality.html", context, status=422 if wrong else 200)


def _done(request: HttpRequest, found: Municipality, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("central:municipality", args=[found.belfiore_code]))
