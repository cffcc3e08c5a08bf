"""The columns of a load: proposed, corrected with a preview, confirmed; as TOML out and in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from onboarding.checking import known_to, mapping_of, opened
from onboarding.confirming import confirm_mapping, correct_mapping, import_mapping, reopen_mapping
from onboarding.judging.labels import label
from onboarding.judging.types import Judged
from onboarding.mapping.checking import fit, sentence
from onboarding.mapping.sampling import previewed, sampled
from onboarding.mapping.texts import read_mapping
from onboarding.mapping_form import Grid
from onboarding.models import VERDICT_OF_ONE_ROW, LoadState, RosterLoad, StagedRow
from onboarding.permissions import handles_loads
from onboarding.queries import defects_of
from onboarding.staging import as_row
from onboarding.views.held import TONES, held_load
from sportello.accounts.permissions import IdentifiedRequest
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

MOST_TOML = 256 * 1024


@handles_loads
def mapping(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The grid with its preview; posted, it is kept, shown again, or confirmed and the dry run starts."""
    held = held_load(public_id)
    if held.state != LoadState.MAPPING or held.mapping is None:
        return redirect("onboarding:load", public_id)
    if request.method != "POST":
        return _shown(request, held, _grid(held), status=200)
    grid = _grid(held, request)
    if not grid.is_valid():
        return _shown(request, held, grid, status=422)
    name = grid.head.cleaned_data["source_name"]
    correct_mapping(load=held, mapping=grid.result(), source_name=name, actor=request.user, now=clock.now())
    if "confirm" not in request.POST:
        held = held_load(public_id)
        return _shown(request, held, _grid(held), status=200)
    try:
        done = confirm_mapping(load=held, actor=request.user, now=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return _shown(request, held, grid, status=422)
    return redirect("onboarding:load", done.public_id)


@require_POST
@handles_loads
def preview(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The first rows as the grid would have them; nothing is kept."""
    held = held_load(public_id)
    if held.state != LoadState.MAPPING or held.mapping is None:
        return HttpResponse(status=204)
    grid = _grid(held, request)
    rows = _preview(request, held, grid) if grid.is_valid() else []
    return render(request, "onboarding/_preview.html", {"preview": rows})


def _grid(held: RosterLoad, request: IdentifiedRequest | None = None) -> Grid:
    current = mapping_of(held)
    name = "" if held.mapping is None else held.mapping.source_name
    return Grid(
        current, sampled(opened(held), current), source_name=name, posted=None if request is None else request.POST
    )


def _preview(request: IdentifiedRequest, held: RosterLoad, grid: Grid) -> list[dict[str, object]]:
    current = grid.result() if grid.posted else grid.mapping
    found = previewed(opened(held), current, known_to(today=clock.today()))
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="roster_load",
        subject=held.public_id,
        now=clock.now(),
        details={"rows": len(found), "what": "preview"},
    )
    return [_previewed(judged) for judged in found]


def _previewed(judged: Judged) -> dict[str, object]:
    row: StagedRow = as_row(judged)
    facts = [(label(name), _plain(value)) for name, value in (judged.record or {}).items()]
    return {
        "line": judged.line,
        "tone": TONES[judged.verdict],
        "verdict": VERDICT_OF_ONE_ROW[judged.verdict],
        "facts": [fact for fact in facts if fact[1]],
        "defects": defects_of(row),
        "raw": judged.raw[:80],
    }


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("sì") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items())
    return str(value)


def _shown(request: IdentifiedRequest, held: RosterLoad, grid: Grid, *, status: int) -> HttpResponse:
    draft = held.mapping
    assert draft is not None  # noqa: S101 -- the callers look
    changes: list[str] = []
    if draft.based_on is not None:
        before = read_mapping(draft.based_on.toml)
        changes = [sentence(change, before) for change in fit(before, grid.mapping.layout).changes]
    context = {
        "load": held,
        "draft": draft,
        "grid": grid,
        "changes": changes,
        "doubtful": sum(not row.is_sure for row in grid.rows),
        "preview": _preview(request, held, grid) if not grid.posted or grid.is_valid() else [],
    }
    return render(request, "onboarding/mapping.html", context, status=status)


@require_POST
@handles_loads
def reopen(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Lets a load be read in another way: a new version, the confirmed one stays."""
    try:
        reopen_mapping(load=held_load(public_id), actor=request.user, now=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("onboarding:load", public_id)
    return redirect("onboarding:mapping", public_id)


@require_GET
@handles_loads
def export_toml(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The mapping as TOML: headings and tables, no row of the file."""
    held = held_load(public_id)
    text = "" if held.mapping is None else held.mapping.toml
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="colonne-{held.public_id}.toml"'
    return response


@require_POST
@handles_loads
def import_toml(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The columns as a TOML file says, to be looked at and confirmed."""
    file = request.FILES.get("toml")
    if file is None:
        messages.error(request, _("Scegli il file TOML da importare."))
        return redirect("onboarding:mapping", public_id)
    try:
        text = file.read(MOST_TOML).decode("utf-8", "replace")
        import_mapping(load=held_load(public_id), text=text, actor=request.user, now=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("onboarding:mapping", public_id)
