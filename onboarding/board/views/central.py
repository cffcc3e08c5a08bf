"""The board of the Comuni by stage, and one of them, for the central team."""

from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from onboarding.assessment.models import PlanTask, TaskState
from onboarding.board.blocking import is_blocked, sign_words
from onboarding.board.gathering import request_gathering
from onboarding.board.models import GatheredSigns
from onboarding.board.queries import BoardRow, board_rows, municipalities_on_board
from onboarding.signs import DATA_QUALITY, TRAINING
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import told
from sportello.ui.export import Column, export_response
from sportello.ui.listing import FilterForm, Tab, list_page, render_list
from tenants.migration_states import MigrationState, migration_states
from tenants.models import Municipality, Stage

SORTS = {
    "nome": ("name",),
    "giorni": ("-entered_at", "name"),
    "qualita": ("gathered_signs__data_quality", "name"),
    "formazione": ("gathered_signs__training", "name"),
}
TABS = (
    Tab("", gettext_lazy("Tutti")),
    *(Tab(stage.value, stage.label, Q(stage=stage)) for stage in Stage),
)
TONES = {Stage.LIVE: "success", Stage.ASSESSMENT: "neutral"}
BLOCKED, FREE, LATE = "bloccati", "liberi", "ritardo"


class BoardFilters(FilterForm):
    """A Comune by name or code; those that are kept, free to go on, or late."""

    cerca = forms.CharField(label=gettext_lazy("Nome o codice"), max_length=60)
    blocco = forms.ChoiceField(
        label=gettext_lazy("Possono avanzare?"),
        choices=[
            ("", gettext_lazy("Tutti")),
            (BLOCKED, gettext_lazy("Bloccati")),
            (FREE, gettext_lazy("Liberi di avanzare")),
            (LATE, gettext_lazy("Con attività in ritardo")),
        ],
    )

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("cerca"):
            words = self.cleaned_data["cerca"].strip()
            rows = rows.filter(
                Q(name__icontains=words) | Q(istat_code__startswith=words) | Q(belfiore_code__iexact=words)
            )
        wanted = self.cleaned_data.get("blocco")
        if wanted == LATE:
            late = PlanTask.objects.filter(state=TaskState.OPEN, due_on__lt=clock.today())
            return rows.filter(pk__in=late.values("round__municipality"))
        if wanted in {BLOCKED, FREE}:
            ready = [schema for schema, state in migration_states().items() if state is MigrationState.ALIGNED]
            kept = Municipality.objects.filter(is_blocked(ready)).values("pk")
            rows = rows.filter(pk__in=kept) if wanted == BLOCKED else rows.exclude(pk__in=kept)
            return rows if wanted == BLOCKED else rows.exclude(pk__in=Municipality.objects.filter(stage=Stage.LIVE))
        return rows


@require_GET
@role_required(Role.CENTRAL)
def board(request: IdentifiedRequest) -> HttpResponse:
    """All the Comuni by stage, in a fixed number of queries; filters, view and order in the address."""
    page = list_page(
        request,
        municipalities_on_board(),
        filters=BoardFilters,
        sorts=SORTS,
        default_sort="nome",
        tabs=TABS,
        per_page=50,
    )
    if page.export_format:
        return export_response(page, _columns(board_rows(page.matching, today=clock.today())), filename="quadro")
    rows = board_rows(page.rows, today=clock.today())
    gathered = GatheredSigns.objects.order_by("gathered_at").values_list("gathered_at", flat=True).first()
    context = {"rows": [_drawn(row) for row in rows], "gathered_at": gathered}
    return render_list(request, page, "board/board.html", context)


@require_POST
@role_required(Role.CENTRAL)
def gather(request: IdentifiedRequest) -> HttpResponseRedirect:
    """Has the signs gathered now, as a job."""
    job = request_gathering(actor=request.user, now=clock.now())
    return redirect("jobs:job", job.public_id)


@require_GET
@role_required(Role.CENTRAL)
def municipality(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """One Comune: what keeps it, every sign, its way through the stages."""
    found = municipalities_on_board().filter(belfiore_code=belfiore.upper()).first()
    if found is None:
        raise Http404
    row = board_rows([found], today=clock.today())[0]
    context = {
        "subject": found,
        "row": row,
        "stage_tone": TONES.get(Stage(found.stage), "info"),
        "blockers": _linked(row),
        "signs": [_told(sign) for sign in row.signs],
        "steps": _steps(found),
    }
    return render(request, "board/municipality.html", context)


def _drawn(row: BoardRow) -> dict[str, Any]:
    return {
        "row": row,
        "stage_tone": TONES.get(Stage(row.municipality.stage), "info"),
        "blockers": _linked(row),
        "columns": [_told(sign) if sign else None for sign in row.columns],
    }


def _linked(row: BoardRow) -> list[tuple[str, str, str]]:
    return [(one.words, one.url_name, one.tone) for one in row.blockers]


def _told(sign: dict[str, Any]) -> dict[str, Any]:
    blocks = Stage(sign["blocks"]).label if sign["blocks"] else ""
    return {"label": told(sign["label"], {}), "words": sign_words(sign), "tone": sign["tone"], "blocks": blocks}


def _steps(found: Municipality) -> list[dict[str, Any]]:
    """The stages with the days spent in each, the latest first."""
    changes = list(found.stage_changes.order_by("-changed_at", "-pk"))
    ends = [clock.now(), *(change.changed_at for change in changes)]
    return [
        {
            "change": change,
            "days": (end.astimezone(clock.ROME).date() - change.changed_at.astimezone(clock.ROME).date()).days,
            "is_now": place == 0,
        }
        for place, (change, end) in enumerate(zip(changes, ends, strict=False))
    ]


def _columns(rows: list[BoardRow]) -> tuple[Column[Municipality], ...]:
    held = {row.municipality.pk: row for row in rows}

    def of(row: Municipality) -> BoardRow:
        return held[row.pk]

    return (
        Column(gettext_lazy("Comune"), lambda row: row.name),
        Column(gettext_lazy("Fase"), lambda row: row.get_stage_display()),
        Column(gettext_lazy("Giorni in fase"), lambda row: of(row).days),
        Column(gettext_lazy("Che cosa blocca"), lambda row: "; ".join(one.words for one in of(row).blockers)),
        Column(gettext_lazy("Maturità"), lambda row: of(row).assessed.score),
        Column(gettext_lazy("Attività da fare"), lambda row: of(row).tasks.count),
        Column(gettext_lazy("In ritardo"), lambda row: of(row).tasks.late),
        Column(gettext_lazy("Qualità dei dati"), lambda row: _share(of(row), DATA_QUALITY)),
        Column(gettext_lazy("Formazione"), lambda row: _share(of(row), TRAINING)),
    )


def _share(row: BoardRow, key: str) -> str:
    sign = row.sign(key)
    return "" if sign is None or sign["share"] is None else _("%(share)s%%") % {"share": sign["share"]}
