"""The queue of the office: applications by deadline, one by one or in bulk."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.applications.models import Application, ApplicationState
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.enrolment.admission import accept_many
from sportello.enrolment.forms import QueueFilters
from sportello.enrolment.queries import applications_for_office
from sportello.kernel import clock
from sportello.ui.export import Column, export_response
from sportello.ui.listing import Tab, list_page, render_list

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)
SORTS = {
    "scadenza": ("answer_by",),
    "bambino": ("child__family_name", "child__given_name"),
    "protocollo": ("protocol__year", "protocol__number"),
    "inviata": ("submitted_at",),
}
TABS = (
    Tab("", gettext_lazy("Da decidere"), Q(state=ApplicationState.SUBMITTED)),
    Tab("da-completare", gettext_lazy("In attesa della famiglia"), Q(state=ApplicationState.TO_COMPLETE)),
    Tab("accolte", gettext_lazy("Accolte"), Q(state=ApplicationState.ACCEPTED)),
    Tab("respinte", gettext_lazy("Respinte"), Q(state=ApplicationState.REJECTED)),
    Tab("ritirate", gettext_lazy("Ritirate"), Q(state=ApplicationState.WITHDRAWN)),
)
COLUMNS: tuple[Column[Application], ...] = (
    Column(gettext_lazy("Protocollo"), lambda row: str(row.protocol)),
    Column(gettext_lazy("Inviata"), lambda row: row.submitted_at),
    Column(gettext_lazy("Risposta entro"), lambda row: row.answer_by),
    Column(gettext_lazy("Stato"), lambda row: row.get_state_display()),
    Column(gettext_lazy("Servizio"), lambda row: row.service.name),
    Column(gettext_lazy("Cognome"), lambda row: row.child.family_name if row.child else ""),
    Column(gettext_lazy("Nome"), lambda row: row.child.given_name if row.child else ""),
)


@role_required(*OFFICE)
def queue(request: IdentifiedRequest) -> HttpResponse:
    """The applications, most urgent first."""
    today, now = clock.today(), clock.now()
    page = list_page(
        request,
        applications_for_office(today),
        filters=QueueFilters,
        sorts=SORTS,
        default_sort="scadenza",
        tabs=TABS,
    )
    action = Action.PERSON_LIST_EXPORTED if page.export_format else Action.PERSON_LIST_READ
    record(
        action=action,
        actor=request.user.pk,
        subject_kind="list",
        subject="applications",
        now=now,
        details={"rows": page.total},
    )
    if page.export_format:
        return export_response(page, COLUMNS, filename="domande")
    return render_list(request, page, "enrolment/queue.html", {"today": today})


@require_POST
@role_required(*OFFICE)
def accept_selected(request: IdentifiedRequest) -> HttpResponse:
    """Accepts the ticked applications; says which could not be accepted, and why."""
    chosen = [UUID(value) for value in request.POST.getlist("domanda") if _is_uuid(value)]
    if not chosen:
        messages.warning(request, _("Spunta almeno una domanda, poi premi «Accogli le spuntate»."))
        return redirect("enrolment:queue")
    outcome = accept_many(public_ids=chosen, actor=request.user, now=clock.now())
    if outcome.accepted:
        text = ngettext("%(count)d domanda accolta.", "%(count)d domande accolte.", outcome.accepted)
        messages.success(request, text % {"count": outcome.accepted})
    for refusal in outcome.refused:
        messages.warning(request, f"{refusal.protocol}: {refusal.sentence}")
    return redirect("enrolment:queue")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
