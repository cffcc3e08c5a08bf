"""The calendar for the office: closures listed, added, taken back, imported and exported."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from services_catalog.closing import close_days, reopen_days
from services_catalog.closure_forms import ClosureFilters, ClosureForm
from services_catalog.closure_import import import_closures, preview_closures
from services_catalog.closure_resources import COLUMNS, ClosureResource
from services_catalog.models import Closure, ClosureKind
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.ui.listing import Tab, list_page, render_list
from sportello.ui.table_files import TableUploadForm, export_table

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)
SORTS = {"giorni": ("days",), "motivo": ("reason",)}


@role_required(*OFFICE)
def closure_list(request: IdentifiedRequest) -> HttpResponse:
    """The days without service, those to come first."""
    today = clock.today()
    tabs = (
        Tab("", gettext_lazy("In corso e future"), Q(days__endswith__gt=today)),
        Tab("passate", gettext_lazy("Passate"), Q(days__endswith__lte=today)),
    )
    closures = Closure.objects.select_related("service", "school", "section")
    page = list_page(request, closures, filters=ClosureFilters, sorts=SORTS, default_sort="giorni", tabs=tabs)
    if page.export_format:
        return export_table(ClosureResource(), page.matching, file_format=page.export_format, filename="calendario")
    rows = [(closure, DateRange.from_bounds(closure.days)) for closure in page.rows]
    return render_list(request, page, "services_catalog/closures.html", {"rows": rows})


@role_required(*OFFICE)
def closure_add(request: IdentifiedRequest) -> HttpResponse:
    """A form for a new closure; saying it twice is saying it once."""
    form = ClosureForm(request.POST or None)
    if request.method != "POST":
        return render(request, "services_catalog/closure_add.html", {"form": form})
    if not form.is_valid():
        return render(request, "services_catalog/closure_add.html", {"form": form}, status=422)
    values = form.cleaned_data
    close_days(
        days=values["days"],
        kind=ClosureKind(values["kind"]),
        reason=values["reason"],
        service=values["service"],
        school=values["school"],
        section=values["section"],
        actor=request.user,
        now=clock.now(),
    )
    messages.success(request, _("Chiusura aggiunta al calendario."))
    return redirect("services_catalog:closures")


@require_POST
@role_required(*OFFICE)
def closure_delete(request: IdentifiedRequest, closure_id: int) -> HttpResponse:
    """Takes a closure back."""
    closure = get_object_or_404(Closure, pk=closure_id)
    try:
        reopen_days(closure=closure, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Chiusura tolta dal calendario."))
    return redirect("services_catalog:closures")


@role_required(*OFFICE)
def closure_import(request: IdentifiedRequest) -> HttpResponse:
    """Shows what a table would change, then takes it in."""
    form = TableUploadForm(request.POST or None, request.FILES or None, columns=COLUMNS)
    template = "services_catalog/closure_import.html"
    if request.method != "POST":
        return render(request, template, {"form": form})
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    preview = preview_closures(dataset=form.dataset)
    if request.POST.get("action") != "import" or preview.wrong:
        context = {"form": form, "preview": preview, "text": form.cleaned_data["text"]}
        return render(request, template, context, status=422 if preview.wrong else 200)
    done = import_closures(dataset=form.dataset, actor=request.user.pk, now=clock.now())
    messages.success(
        request,
        _("Calendario caricato: %(created)s chiusure nuove, %(updated)s modificate.")
        % {"created": done.created, "updated": done.updated},
    )
    return redirect("services_catalog:closures")
