"""The metropolitan templates for the central team: how each Comune stands, in what it differs, what is proposed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from services_catalog.lineages_everywhere import ServiceStanding, standings
from services_catalog.metropolitan import templates
from services_catalog.models import ProposalState, TemplateLineage
from services_catalog.template_forms import ReasonForm
from services_catalog.template_pages import Standing, standing_of, template_view
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.desk.central_forms import MunicipalityFilters
from sportello.desk.central_templates import explain_for, offer_to_all
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.export import Column, export_response
from sportello.ui.listing import list_page, render_list
from tenants.current import in_schema
from tenants.migration_states import MigrationState, migration_states
from tenants.models import Municipality

PROPOSALS: Mapping[str, str | Promise] = {
    ProposalState.PROPOSED: gettext_lazy("da decidere"),
    ProposalState.DECLINED: gettext_lazy("rifiutata"),
}

UNREAD: Mapping[MigrationState, Promise] = {
    MigrationState.MISSING: gettext_lazy("schema da creare"),
    MigrationState.BEHIND: gettext_lazy("non si può leggere: schema da aggiornare"),
}
"""Why nothing is told of a Comune: nobody knows which services it has."""

type States = Mapping[str, MigrationState]


@dataclass(frozen=True, slots=True)
class Row:
    """A service of a Comune against its template; ``service`` is None where the Comune has none, or where ``unread``
    says why nobody can tell.
    """

    municipality: Municipality
    service: ServiceStanding | None = None
    standing: Standing | None = None
    points: str = ""
    proposal: str | Promise = ""
    unread: str | Promise = ""


@require_GET
@role_required(Role.CENTRAL)
def overview(request: IdentifiedRequest) -> HttpResponse:
    """Every Comune with its services against the templates, in a fixed number of queries."""
    page = list_page(
        request,
        Municipality.objects.all(),
        filters=MunicipalityFilters,
        sorts={"nome": ("name",)},
        default_sort="nome",
        per_page=50,
    )
    states = migration_states()
    if page.export_format:
        return export_response(page, _columns(_standings(page.matching, states), states), filename="modelli")
    found = _standings(page.rows, states)
    rows = [_row(each, one, states) for each in page.rows for one in found.get(each.schema_name, [None])]
    return render_list(request, page, "central/templates.html", {"rows": rows, "templates": templates()})


@require_POST
@role_required(Role.CENTRAL)
def offer(request: IdentifiedRequest) -> HttpResponse:
    """Proposes the newer versions to the Comuni, and begins what they say nothing of; nothing of theirs changes."""
    offered = offer_to_all(actor=request.user, now=clock.now())
    words = _("Servizi cominciati: %(started)s. Proposte fatte: %(proposed)s.")
    messages.success(request, words % {"started": offered.started, "proposed": offered.proposed})
    return HttpResponseRedirect(reverse("central:templates"))


@require_GET
@role_required(Role.CENTRAL)
def template(request: IdentifiedRequest, belfiore: str, code: str) -> HttpResponse:
    """A service of one Comune: the differences in words, with their reasons."""
    return _page(request, _find(belfiore), code)


@require_POST
@role_required(Role.CENTRAL)
def reason(request: IdentifiedRequest, belfiore: str, code: str) -> HttpResponse:
    """Keeps why the Comune differs, as it told the central team."""
    found, form = _find(belfiore), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, code, reason_form=form)
    try:
        explain_for(municipality=found, code=code, **form.cleaned_data, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Motivo scritto."))
    return HttpResponseRedirect(reverse("central:template", args=[found.belfiore_code, code]))


def _page(request: IdentifiedRequest, found: Municipality, code: str, **refused: Any) -> HttpResponse:
    with in_schema(found.schema_name):
        lineage = get_object_or_404(TemplateLineage.objects.select_related("service"), service__code=code)
        view = template_view(lineage, **refused)
    context = {"subject": found, "view": view, "may_change": True, "form": next(iter(refused.values()), None)}
    return render(request, "central/template.html", context, status=422 if refused else 200)


def _find(belfiore: str) -> Municipality:
    """A Comune whose schema can be read. Raises Http404."""
    found: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    if migration_states().get(found.schema_name) is not MigrationState.ALIGNED:
        raise Http404
    return found


def _standings(municipalities: Iterable[Municipality], states: States) -> dict[str, list[ServiceStanding]]:
    """The services of those Comuni whose schema can be read."""
    ready = {schema for schema, state in states.items() if state is MigrationState.ALIGNED}
    return standings(ready & {each.schema_name for each in municipalities})


def _unread(municipality: Municipality, states: States) -> str | Promise:
    return UNREAD.get(states.get(municipality.schema_name, MigrationState.MISSING), "")


def _row(municipality: Municipality, service: ServiceStanding | None, states: States) -> Row:
    if service is None:
        return Row(municipality, unread=_unread(municipality, states))
    return _row_of(municipality, service)


def _row_of(municipality: Municipality, service: ServiceStanding) -> Row:
    if service.version is None:
        return Row(municipality, service)
    count = service.differences
    points = ngettext("%(n)s punto diverso", "%(n)s punti diversi", count) % {"n": count} if count else ""
    standing = standing_of(count=count, to_confirm=service.to_confirm, is_behind=service.is_behind)
    return Row(
        municipality, service, standing, points, PROPOSALS.get(service.proposal, "") if service.is_behind else ""
    )


def _columns(found: dict[str, list[ServiceStanding]], states: States) -> tuple[Column[Municipality], ...]:
    """A Comune a row, a service a column: version and points that differ; last, why nothing is told of some."""
    codes = sorted({one.code for services in found.values() for one in services})

    def of(code: str) -> Callable[[Municipality], str]:
        return lambda row: next((_in_a_line(one) for one in found.get(row.schema_name, []) if one.code == code), "")

    return (
        Column(gettext_lazy("Comune"), lambda row: row.name),
        *(Column(code, of(code)) for code in codes),
        Column(gettext_lazy("Schema"), lambda row: _unread(row, states)),
    )


def _in_a_line(service: ServiceStanding) -> str:
    row = _row_of(Municipality(), service)
    if row.standing is None:
        return _("senza modello")
    version = _("versione %(version)s") % {"version": service.version}
    return ", ".join(str(part) for part in (version, row.standing.words, row.points, row.proposal) if part)
