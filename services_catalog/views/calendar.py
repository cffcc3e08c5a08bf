"""The calendar of an edition as a file: out for anybody of the office, in for the administrator, as a draft."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from services_catalog.calendar_import import draft_with_calendar, preview_calendar
from services_catalog.calendar_resource import COLUMNS, CalendarResource, rows_of
from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.table_files import TableUploadForm, export_table

TEMPLATE = "services_catalog/calendar_import.html"


@role_required(Role.CLERK, Role.ADMINISTRATOR)
def calendar_export(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """The calendar as CSV, or XLSX with `?formato=xlsx`."""
    edition = get_object_or_404(Edition, pk=edition_id)
    file_format = "xlsx" if request.GET.get("formato") == "xlsx" else "csv"
    rows = rows_of(edition.rules.calendar)
    return export_table(CalendarResource(), rows, file_format=file_format, filename="calendario-servizio")


@role_required(Role.ADMINISTRATOR)
def calendar_import(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """Shows what the table says, then makes a draft of it."""
    edition = get_object_or_404(Edition.objects.select_related("service"), pk=edition_id)
    form = TableUploadForm(request.POST or None, request.FILES or None, columns=COLUMNS)
    if request.method != "POST":
        return render(request, TEMPLATE, {"form": form, "edition": edition})
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": form, "edition": edition}, status=422)
    try:
        preview = preview_calendar(edition=edition, dataset=form.dataset)
        if request.POST.get("action") != "import" or preview.wrong:
            context = {"form": form, "edition": edition, "preview": preview, "text": form.cleaned_data["text"]}
            return render(request, TEMPLATE, context, status=422 if preview.wrong else 200)
        draft = draft_with_calendar(edition=edition, dataset=form.dataset, actor=request.user, now=clock.now())
    except (ValidationError, DomainError) as failure:
        form.add_error("file", failure if isinstance(failure, ValidationError) else str(failure))
        return render(request, TEMPLATE, {"form": form, "edition": edition}, status=422)
    messages.success(request, _("Calendario caricato in una bozza: mettila in vigore con il suo atto."))
    return redirect("services_catalog:edition", edition_id=draft.pk)
