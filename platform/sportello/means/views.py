"""Tributi: the files of the tax office, for the office. What a file tells of each person stays in the file."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from integrations.tributi.rows import RowVerdict
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.families.models import Adult
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.means.forms import CommitForm, TaxFileForm
from sportello.means.models import TaxFileLoad, TaxFileRow
from sportello.means.requesting_taxes import request_tax_position
from sportello.means.tax_handing_in import hand_in_tax_file, request_tax_commit
from sportello.means.tax_loading import discard_tax_file
from sportello.means.tax_words import DEFECTS, SUMS, VERDICTS
from sportello.ui.listing import Tab, list_page, render_list

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)
TABS = (
    Tab("", gettext_lazy("Tutte")),
    Tab("rivedere", gettext_lazy("Da rivedere"), Q(verdict=RowVerdict.REVIEW)),
    Tab("illeggibili", gettext_lazy("Illeggibili"), Q(verdict=RowVerdict.REJECT)),
    Tab("nostre", gettext_lazy("Di persone dei servizi"), Q(adult__isnull=False)),
)
TONES = {
    RowVerdict.GOOD: "success",
    RowVerdict.FIX: "info",
    RowVerdict.REVIEW: "attention",
    RowVerdict.REJECT: "danger",
    RowVerdict.DUPLICATE: "neutral",
}


@require_http_methods(["GET", "POST"])
@role_required(*OFFICE)
def tax_files(request: IdentifiedRequest) -> HttpResponse:
    """The files handed in, the latest first, and the form for another."""
    form = TaxFileForm(request.POST, request.FILES) if request.method == "POST" else TaxFileForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            load = hand_in_tax_file(
                content=file.read(),
                file_name=file.name,
                as_of=form.cleaned_data["as_of"],
                actor=request.user,
                now=clock.now(),
            )
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            return _followed(load)
    loads = TaxFileLoad.objects.select_related("uploaded_by")
    page = list_page(request, loads, sorts={"ricevuto": ("uploaded_at",)}, default_sort="-ricevuto", exports=False)
    context = {"page": page, "form": form, "has_errors": bool(form.errors)}
    return render(request, "means/tax_files.html", context, status=422 if form.errors else 200)


@require_GET
@role_required(*OFFICE)
def tax_file(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The dry run: what a commit would do, the sums, the rows with every error; no code, no amount."""
    held = get_object_or_404(TaxFileLoad.objects.select_related("job"), public_id=public_id)
    if held.is_at_work:
        return _followed(held)
    rows = TaxFileRow.objects.filter(load=held)
    page = list_page(request, rows, sorts={"riga": ("line",)}, default_sort="riga", tabs=TABS, exports=False)
    shown = [
        {
            "row": row,
            "tone": TONES[RowVerdict(row.verdict)],
            "verdict": VERDICTS[RowVerdict(row.verdict)],
            "defects": [DEFECTS[code] for code in row.defects],
        }
        for row in page.rows
    ]
    context = {"load": held, "rows": shown, "sums": _sums(held), "form": CommitForm(), **_counts(held)}
    return render_list(request, page, "means/tax_file.html", context)


@require_POST
@role_required(*OFFICE)
def commit(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Keeps the verdicts; pressed twice, nothing changes."""
    held = get_object_or_404(TaxFileLoad, public_id=public_id)
    confirmed = request.POST.get("confirmed") == "on"
    try:
        done = request_tax_commit(load=held, sums_confirmed=confirmed, actor=request.user, now=clock.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("means:tax_file", public_id)
    return _followed(done)


@require_POST
@role_required(*OFFICE)
def discard(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Throws the file away unused."""
    held = get_object_or_404(TaxFileLoad, public_id=public_id)
    discard_tax_file(load=held, actor=request.user, now=clock.now())
    messages.success(request, _("File scartato: non ne resta nulla."))
    return redirect("means:tax_files")


@require_POST
@role_required(*OFFICE)
def ask(request: IdentifiedRequest, public_id: UUID, child: UUID) -> HttpResponse:
    """Asks the tax office about an adult; the answer comes when it comes."""
    adult = get_object_or_404(Adult, public_id=public_id)
    request_tax_position(adult=adult, actor=request.user)
    messages.success(request, _("Chiesto all'ufficio tributi: la risposta comparirà nella scheda."))
    return redirect("office:child", child)


def _followed(load: TaxFileLoad) -> HttpResponse:
    """The job while it runs, else the file."""
    if load.is_at_work and load.job is not None:
        return redirect("jobs:job", load.job.public_id)
    return redirect("means:tax_file", load.public_id)


def _sums(held: TaxFileLoad) -> list[dict[str, object]]:
    def told(name: str, value: int | None) -> object:
        return value if value is None or name == "records" else Money(value)

    return [
        {**one, "label": SUMS[one["name"]]} | {key: told(one["name"], one[key]) for key in ("declared", "found")}
        for one in held.sums
    ]


def _counts(held: TaxFileLoad) -> dict[str, int]:
    counts = held.counts
    ready = counts.get(RowVerdict.GOOD, 0) + counts.get(RowVerdict.FIX, 0)
    return {"ready": ready, "left_out": sum(counts.values()) - ready - counts.get(RowVerdict.DUPLICATE, 0)}
