"""The flows that are kept, and the form that brings one as a file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.billing.bookkeepers import BOOKKEEPERS
from sportello.billing.reconciliation.feeding import feed_flow
from sportello.billing.reconciliation.forms import FlowFileForm
from sportello.billing.reconciliation.models import Flow, FlowFile
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.listing import list_page


@role_required(*BOOKKEEPERS)
def flows(request: IdentifiedRequest) -> HttpResponse:
    """The current flows, the latest first, and the form for a file."""
    form = FlowFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            stored = feed_flow(
                name=file.name or "",
                content=file.read(),
                replaces=form.cleaned_data["replaces"],
                actor=request.user.pk,
                now=clock.now(),
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            lines = stored.counted_count
            messages.success(
                request, _("Flusso archiviato: righe confrontate con le ricevute: %(lines)s.") % {"lines": lines}
            )
            return redirect("reconciliation:flows")
    page = list_page(
        request,
        Flow.objects.filter(is_current=True).select_related("file"),
        sorts={"data": ("regulated_on",), "importo": ("declared_cents",)},
        default_sort="-data",
        exports=False,
    )
    context = {"form": form, "page": page}
    return render(request, "reconciliation/flows.html", context, status=422 if form.errors else 200)


@require_GET
@role_required(*BOOKKEEPERS)
def flow_file(request: IdentifiedRequest, pk: int) -> HttpResponse:
    """The file as it was brought."""
    found = get_object_or_404(FlowFile, pk=pk)
    headers = {"Content-Disposition": f'attachment; filename="{found.flow.fdr}.xml"'}
    return HttpResponse(bytes(found.content), content_type="application/xml", headers=headers)
