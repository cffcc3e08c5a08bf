"""The administrator of a Comune asks for all its data, downloads them, and confirms that her copy is whole."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from onboarding.leaving.errors import PackageGone
from onboarding.leaving.exporting import KEPT, confirm_export, hand_out, request_export
from onboarding.leaving.forms import ChecksumForm
from onboarding.leaving.handing import package_response
from onboarding.leaving.models import ExportPackage
from onboarding.leaving.shown import shown_packages
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@role_required(Role.ADMINISTRATOR)
def exports(request: IdentifiedRequest) -> HttpResponse:
    """The packages so far; posting asks for another."""
    if request.method == "POST":
        try:
            package = request_export(actor=request.user, now=clock.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("leaving:exports")
        assert package.job is not None  # noqa: S101 -- tells the type checker what the use case has done
        return redirect("jobs:job", package.job.public_id)
    return _page(request)


@require_GET
@role_required(Role.ADMINISTRATOR)
def download(request: IdentifiedRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """The package, streamed from the disk."""
    package = _held(public_id)
    try:
        path = hand_out(package=package, actor=request.user, now=clock.now())
    except PackageGone as gone:
        messages.error(request, str(gone))
        return redirect("leaving:exports")
    return package_response(path, package)


@require_POST
@role_required(Role.ADMINISTRATOR)
def confirm(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Her copy is whole: she writes its digest."""
    package = _held(public_id)
    form = ChecksumForm(request.POST)
    if form.is_valid():
        try:
            confirm_export(package=package, sha256=form.cleaned_data["sha256"], actor=request.user, now=clock.now())
        except DomainError as refusal:
            form.add_error("sha256", str(refusal))
        else:
            messages.success(request, _("Confermata: la tua copia è intera."))
            return redirect("leaving:exports")
    return _page(request, form)


def _page(request: IdentifiedRequest, form: ChecksumForm | None = None) -> HttpResponse:
    rows = shown_packages()
    open_one = next((row.package for row in rows if row.package.is_kept and row.package.confirmed_at is None), None)
    context = {
        "rows": rows,
        "at_work": any(row.package.is_at_work for row in rows),
        "to_confirm": open_one,
        "form": form or ChecksumForm(),
        "days": KEPT.days,
    }
    return render(request, "leaving/exports.html", context, status=422 if form and form.errors else 200)


def _held(public_id: UUID) -> ExportPackage:
    return get_object_or_404(ExportPackage, public_id=public_id)
