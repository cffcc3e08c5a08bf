"""Support: finds the person, says why and for how long, acts as her, ends."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, entered, role_required
from sportello.accounts.supporting import finish_visit, people_to_help
from sportello.accounts.visits import visit_of
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.desk.support_forms import PersonFilters, VisitForm
from sportello.desk.supporting import assist_citizen
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.listing import list_page, render_list


@require_GET
@role_required(Role.SUPPORT)
def people(request: IdentifiedRequest) -> HttpResponse:
    """The citizens with that name; none before a name is given."""
    page = list_page(
        request,
        people_to_help(today=clock.today()),
        filters=PersonFilters,
        sorts={"nome": ("family_name", "given_name")},
        default_sort="nome",
        exports=False,
    )
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="list",
        subject="assistenza",
        now=clock.now(),
        details={"rows": page.total},
    )
    return render_list(request, page, "desk/support_people.html")


@require_http_methods(["GET", "POST"])
@role_required(Role.SUPPORT)
def visit(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Why and for how long; then on to the personal area of the citizen."""
    citizen = get_object_or_404(people_to_help(today=clock.today()), public_id=public_id)
    form = VisitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            assist_citizen(
                request=request, supporter=request.user, citizen=citizen, now=clock.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("desk:area")
    context = {"form": form, "citizen": citizen}
    return render(request, "desk/support_visit.html", context, status=422 if form.errors else 200)


@require_POST
@entered
def end(request: IdentifiedRequest) -> HttpResponse:
    """Herself again."""
    held = visit_of(request)
    if held is None:
        return redirect("/")
    finish_visit(request=request, visit=held, now=clock.now())
    messages.success(
        request, _("Non agisci più come %(name)s: ora lavori a tuo nome.") % {"name": held.citizen.full_name}
    )
    return redirect("support:list")
