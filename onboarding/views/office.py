"""Loads for the office: upload, dry run, rows with their errors, commit."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.base import File
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from onboarding.commit.left_out import told_left_out
from onboarding.comparing import load_before
from onboarding.engine import CATALOGUE, told
from onboarding.errors import FileGone
from onboarding.expecting import expect_figures
from onboarding.forms import ExpectedForm, RowFilters, UploadForm
from onboarding.judging.types import Defect, Verdict
from onboarding.kinds import WRITES, figures_of, why_not_committed
from onboarding.models import VERDICT_LABELS, VERDICT_OF_ONE_ROW, LoadState, RosterLoad, StagedRow
from onboarding.permissions import handles_loads
from onboarding.queries import compared_figures, correction_rows, defects_of, suggestions_of, who_is
from onboarding.uploading import request_check, request_commit, upload_roster
from onboarding.views.held import STATE_TONES, TONES, held_load
from sportello.accounts.models import Account, Scheme
from sportello.accounts.permissions import IdentifiedRequest
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from sportello.ui.listing import Tab, list_page, render_list
from sportello.ui.spreadsheets import figure_or_text, table_response
from tenants.addresses import central_url
from tenants.current import current_municipality

TABS = (
    Tab("", gettext_lazy("Tutte")),
    Tab("rivedere", VERDICT_LABELS[Verdict.REVIEW], Q(verdict=Verdict.REVIEW)),
    Tab("illeggibili", VERDICT_LABELS[Verdict.REJECT], Q(verdict=Verdict.REJECT)),
    Tab("ripetute", VERDICT_LABELS[Verdict.DUPLICATE], Q(verdict=Verdict.DUPLICATE)),
    Tab("corrette", VERDICT_LABELS[Verdict.FIX], Q(verdict=Verdict.FIX)),
    Tab("a-posto", VERDICT_LABELS[Verdict.GOOD], Q(verdict=Verdict.GOOD)),
)
SORTS = {"caricato": ("uploaded_at",), "file": ("file_name",)}


@handles_loads
def load_list(request: IdentifiedRequest) -> HttpResponse:
    """The rosters handed in, the latest first, and the form for another."""
    if request.method == "POST":
        return _upload(request)
    return _list(request, UploadForm(current=SchoolYear.of(clock.today())), status=200)


def _upload(request: IdentifiedRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES, current=SchoolYear.of(clock.today()))
    if not form.is_valid():
        return _list(request, form, status=422)
    file = form.cleaned_data["file"]
    load = upload_roster(
        file=File(file),
        file_name=file.name,
        school_year=SchoolYear(form.cleaned_data["school_year"]),
        actor=request.user,
        now=clock.now(),
    )
    return redirect("onboarding:load", load.public_id)


def _list(request: IdentifiedRequest, form: UploadForm, *, status: int) -> HttpResponse:
    loads = RosterLoad.objects.select_related("uploaded_by", "job")
    page = list_page(request, loads, sorts=SORTS, default_sort="-caricato", exports=False)
    rows = [(load, STATE_TONES[LoadState(load.state)]) for load in page.rows]
    context = {"page": page, "rows": rows, "form": form, "back_url": _way_back(request.user)}
    return render(request, "onboarding/load_list.html", context, status=status)


def _way_back(account: Account) -> str:
    """For one of the central team, her page on this Comune."""
    if account.scheme != Scheme.CENTRAL:
        return ""
    here = [current_municipality().belfiore_code]
    return central_url(reverse("central_crossing:loads", args=here, urlconf=settings.CENTRAL_URLCONF))


@require_GET
@handles_loads
def load(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """How far the roster is; once checked, its rows with every error."""
    held = held_load(public_id)
    if held.is_at_work and held.job is not None:
        return redirect("jobs:job", held.job.public_id)
    if held.state == LoadState.MAPPING:
        return redirect("onboarding:mapping", public_id)
    return _shown(request, held, ExpectedForm(initial=_typed(held)), status=200)


def _typed(held: RosterLoad) -> dict[str, object]:
    return {name: value if name == "people" else Money(value) for name, value in held.expected.items()}


def _shown(request: IdentifiedRequest, held: RosterLoad, form: ExpectedForm, *, status: int) -> HttpResponse:
    page = list_page(
        request,
        StagedRow.objects.filter(load=held),
        filters=RowFilters,
        sorts={"riga": ("line",)},
        default_sort="riga",
        tabs=TABS,
        exports=False,
    )
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="roster_load",
        subject=held.public_id,
        now=clock.now(),
        details={"rows": len(page.rows)},
    )
    rows = [
        {
            "row": row,
            "who": who_is(row),
            "tone": TONES[Verdict(row.verdict)],
            "verdict": VERDICT_OF_ONE_ROW[Verdict(row.verdict)],
            "defects": defects_of(row),
            "suggestion": suggestions_of(row),
        }
        for row in page.rows
    ]
    response = render_list(
        request, page, "onboarding/load.html", {"load": held, "rows": rows, "form": form, **_summary(held)}
    )
    response.status_code = status
    return response


@require_POST
@handles_loads
def expect(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Keeps the figures of the old programme's report, to compare."""
    held = held_load(public_id)
    form = ExpectedForm(request.POST)
    if not form.is_valid():
        return _shown(request, held, form, status=422)
    expect_figures(load=held, figures=form.figures())
    return redirect("onboarding:load", public_id)


def _summary(held: RosterLoad) -> dict[str, object]:
    counts = held.counts
    codes = sorted(counts.get("defects", {}).items(), key=lambda item: (-item[1], item[0]))
    return {
        "left_out": counts.get(Verdict.REVIEW, 0) + counts.get(Verdict.REJECT, 0),
        "compared": compared_figures(held),
        "writes": WRITES.get(held.kind, ""),
        "kept": why_not_committed(held.kind),
        "figures": figures_of(held.kind, held.result),
        "not_written": told_left_out(held.result),
        "before": load_before(held) if counts.get("since") else None,
        "review": counts.get(Verdict.REVIEW, 0),
        "totals": {name: Money(cents) for name, cents in held.totals.items()},
        "frequent": [
            (code, told(Defect(code, "", "…"))[0], count)
            for code, count in codes
            if CATALOGUE.get(code) is not Verdict.GOOD
        ],
        "earlier": RosterLoad.objects.filter(sha256=held.sha256, state=LoadState.COMMITTED)
        .exclude(pk=held.pk)
        .order_by("-committed_at")
        .first(),
    }


@require_POST
@handles_loads
def commit(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Starts the commit; pressed twice, the same job answers."""
    held = held_load(public_id)
    try:
        job = request_commit(load=held, actor=request.user, now=clock.now())
    except DomainError as refusal:
        messages.error(request, _(str(refusal.template)) % refusal.params)
        return redirect("onboarding:load", public_id)
    return redirect("jobs:job", job.public_id)


@require_POST
@handles_loads
def check(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Checks the kept file again: schools may have been added since."""
    held = request_check(load=held_load(public_id), actor=request.user, now=clock.now())
    return redirect("onboarding:load", held.public_id)


@require_GET
@handles_loads
def corrections(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The rows left out as a CSV to correct and upload again (UTF-8 with BOM, CRLF)."""
    held = held_load(public_id)
    try:
        held.path  # noqa: B018 -- raises where the kept file is gone: what was read of it may not be handed on
    except FileGone as lost:
        return _gone(request, held, lost)
    heading, *rows = correction_rows(held)
    _record_download(request, held, "corrections")
    cells = [[figure_or_text(cell) for cell in row] for row in rows]
    return table_response(heading, cells, file_format="csv", filename=f"da-correggere-{held.public_id}")


@require_GET
@handles_loads
def original(request: IdentifiedRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """The file as it was handed in, byte for byte: no export, so nothing in it is neutralised."""
    held = held_load(public_id)
    try:
        kept = held.path
    except FileGone as lost:
        return _gone(request, held, lost)
    _record_download(request, held, "original")
    response = FileResponse(kept.open("rb"), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="elenco-{held.public_id}{kept.suffix}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _gone(request: IdentifiedRequest, held: RosterLoad, lost: FileGone) -> HttpResponse:
    return render(request, "onboarding/gone.html", {"load": held, "sentence": str(lost)}, status=410)


def _record_download(request: IdentifiedRequest, held: RosterLoad, what: str) -> None:
    record(
        action=Action.PERSON_LIST_EXPORTED,
        actor=request.user.pk,
        subject_kind="roster_load",
        subject=held.public_id,
        now=clock.now(),
        details={"what": what},
    )
