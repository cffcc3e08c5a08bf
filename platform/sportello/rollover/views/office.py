"""The work list of 1 September: asked for, read, ticked, taken as a file."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel import clock
from sportello.rollover.forms import WorkFilters, offered_years
from sportello.rollover.models import WorkItem, WorkKind
from sportello.rollover.queries import progress_by_kind, work_items
from sportello.rollover.rehearsal_job import LastRehearsal, ask_rehearsal, last_rehearsal
from sportello.rollover.words import what_happens, what_to_do
from sportello.rollover.work_list import tick
from sportello.schools.models import School
from sportello.ui.export import Column, export_response
from sportello.ui.listing import ListPage, Tab, list_page, render_list

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)
LIST = "rollover:work_list"
SORTS = {
    "scadenza": ("due_on",),
    "bambino": ("child__family_name", "child__given_name"),
    "scuola": ("school__name", "section__class_year", "section__letter"),
    "tipo": ("kind", "due_on"),
}
TABS = (
    Tab("", gettext_lazy("Da fare"), Q(done_at=None)),
    Tab("fatte", gettext_lazy("Fatte"), Q(done_at__isnull=False)),
    Tab("tutte", gettext_lazy("Tutte")),
)
COLUMNS: Sequence[Column[WorkItem]] = (
    Column(gettext_lazy("Entro"), lambda row: row.due_on),
    Column(gettext_lazy("Tipo"), lambda row: row.get_kind_display()),
    Column(gettext_lazy("Cognome"), lambda row: row.child.family_name if row.child else ""),
    Column(gettext_lazy("Nome"), lambda row: row.child.given_name if row.child else ""),
    Column(gettext_lazy("Scuola"), lambda row: row.school.name if row.school else ""),
    Column(gettext_lazy("Classe"), lambda row: str(row.section) if row.section else ""),
    Column(gettext_lazy("Servizio"), lambda row: row.service.name if row.service else ""),
    Column(gettext_lazy("Che cosa succede"), what_happens),
    Column(gettext_lazy("Che cosa fare"), what_to_do),
    Column(gettext_lazy("Fatta il"), lambda row: row.done_at),
    Column(gettext_lazy("Fatta da"), lambda row: row.done_by.full_name if row.done_by else ""),
)


@require_GET
@role_required(*OFFICE)
def work_list(request: IdentifiedRequest) -> HttpResponse:
    """The rows to do, soonest first; counters by kind; the outlook of the schools."""
    page = list_page(request, work_items(), filters=WorkFilters, sorts=SORTS, default_sort="scadenza", tabs=TABS)
    assert isinstance(page.filter_form, WorkFilters)  # noqa: S101  # the form given above
    _put_on_record(request, page)
    if page.export_format:
        return export_response(page, COLUMNS, filename="lavori-1-settembre")
    year = page.filter_form.year
    last = last_rehearsal(year)
    context = {
        "rows": [(row, what_happens(row), what_to_do(row)) for row in page.rows],
        "year": year,
        "may_rehearse": year == offered_years()[0],
        "last": last,
        "may_renew": Role.ADMINISTRATOR in request.user.roles_on(clock.today()) and year == offered_years()[0],
        "counters": [
            (kind.label, to_do, of_all, f"{request.path}?anno={year.start_year}&tipo={kind}")
            for kind, to_do, of_all in progress_by_kind(year)
        ],
        "here": request.get_full_path(),
        "today": clock.today(),
        **(_outlook(last) if last else {}),
    }
    return render_list(request, page, "rollover/work_list.html", context)


@require_POST
@role_required(*OFFICE)
def rehearse(request: IdentifiedRequest) -> HttpResponse:
    """Starts a rehearsal of the next 1 September, or leads to the one that is going on."""
    job = ask_rehearsal(year=offered_years()[0], today=clock.today(), actor=request.user.pk, now=clock.now())
    messages.success(request, _("Prova avviata: l'elenco compare quando è finita."))
    return redirect("jobs:job", public_id=job.public_id)


@require_POST
@role_required(*OFFICE)
def tick_selected(request: IdentifiedRequest) -> HttpResponse:
    """Marks the ticked rows as done, or as still to do, and goes back to the same list."""
    chosen = [int(value) for value in request.POST.getlist("lavoro") if value.isascii() and value.isdigit()][:1000]
    done = request.POST.get("action") != "reopen"
    if not chosen:
        messages.warning(request, _("Spunta almeno una riga, poi premi il pulsante."))
    else:
        changed = tick(items=chosen, done=done, actor=request.user, now=clock.now())
        text = ngettext("%(count)d riga aggiornata.", "%(count)d righe aggiornate.", changed)
        messages.success(request, text % {"count": changed})
    return redirect(_way_back(request))


def _way_back(request: IdentifiedRequest) -> str:
    """The list as it was; its own address where the form names another place."""
    path = request.POST.get("da", "")
    ours = path.startswith(reverse(LIST)) and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours else reverse(LIST)


def _put_on_record(request: IdentifiedRequest, page: ListPage[WorkItem]) -> None:
    """Names and, where there are some, diets were read."""
    actions = [Action.PERSON_LIST_EXPORTED if page.export_format else Action.PERSON_LIST_READ]
    shown = page.matching.filter(kind=WorkKind.DIET) if page.export_format else ()
    if any(row.kind == WorkKind.DIET for row in (shown if page.export_format else page.rows)):
        actions.append(Action.DIET_READ)
    for action in actions:
        record(
            action=action,
            actor=request.user.pk,
            subject_kind="list",
            subject="work-list",
            now=clock.now(),
            details={"rows": page.total},
        )


def _outlook(last: LastRehearsal) -> dict[str, Any]:
    """The schools by name, and the editions the new year was reckoned with; two queries."""
    names = dict(School.objects.filter(pk__in=[one.school_id for one in last.schools]).values_list("pk", "name"))
    outlooks = [(names.get(one.school_id, ""), one) for one in last.schools]
    editions = Edition.objects.filter(pk__in=last.editions).select_related("service").order_by("service__name")
    return {"outlooks": sorted(outlooks, key=lambda pair: pair[0]), "editions": list(editions)}
