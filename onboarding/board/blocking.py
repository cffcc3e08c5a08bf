"""What keeps a Comune from its next stage: schema, assessment, plan, signs. The same rule in words and as a filter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.assessment.models import AssessmentRound, PlanTask, TaskState
from sportello.kernel.errors import told
from tenants.migration_states import MigrationState
from tenants.models import Municipality, Stage

ORDER: Final = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing to put right, and the page of the central desk where it is seen."""

    words: str
    url_name: str
    tone: str = "attention"


@dataclass(frozen=True, slots=True)
class WaitingTasks:
    """Open tasks of a Comune: all, late, and by the stage they keep from beginning."""

    count: int = 0
    late: int = 0
    by_stage: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """How the assessment of a Comune stands."""

    is_open: bool = False
    score: int | None = None


def ahead_of(stage: Stage) -> tuple[Stage, ...]:
    """The stages whose conditions count now: the next one and all before. None for who is live."""
    place = ORDER.index(stage)
    return () if stage == Stage.LIVE else ORDER[1 : place + 2]


def blockers(
    municipality: Municipality,
    *,
    state: MigrationState,
    assessed: Assessed,
    tasks: WaitingTasks,
    signs: Iterable[Mapping[str, Any]],
) -> list[Blocker]:
    """Everything that keeps the Comune from its next stage, the gravest first."""
    stage = Stage(municipality.stage)
    conditions = ahead_of(stage)
    found = [*_of_schema(state), *_of_assessment(stage, assessed)]
    for each in conditions:
        count = (tasks.by_stage or {}).get(each, 0)
        if count:
            words = ngettext(
                "%(n)s attività da fare prima della fase: %(stage)s",
                "%(n)s attività da fare prima della fase: %(stage)s",
                count,
            )
            found.append(Blocker(words % {"n": count, "stage": each.label}, "central_assessment:plan"))
    found += [
        Blocker(f"{told(sign['label'], {})}: {sign_words(sign)}", "central_board:municipality", str(sign["tone"]))
        for sign in signs
        if sign["blocks"] in conditions
    ]
    return found


def sign_words(sign: Mapping[str, Any]) -> str | Promise:
    """What a kept sign says, in the language of who reads."""
    return told(sign["value"], sign["params"])


def _of_schema(state: MigrationState) -> list[Blocker]:
    words = {
        MigrationState.MISSING: _("Schema da creare"),
        MigrationState.BEHIND: _("Schema da aggiornare"),
    }
    return [Blocker(words[state], "central:municipality", "danger")] if state in words else []


def _of_assessment(stage: Stage, assessed: Assessed) -> list[Blocker]:
    if stage != Stage.ASSESSMENT:
        return []
    if assessed.is_open:
        return [Blocker(_("Valutazione da completare e chiudere"), "central_assessment:overview")]
    return [] if assessed.score is not None else [Blocker(_("Valutazione mai fatta"), "central_assessment:overview")]


def is_blocked(ready: Iterable[str]) -> Q:
    """The same as a condition on Comuni; `ready` are the schemas that are up to date."""
    rounds = AssessmentRound.objects.filter(municipality=OuterRef("pk"))
    to_assess = Q(stage=Stage.ASSESSMENT) & (
        Exists(rounds.filter(closed_at__isnull=True)) | ~Exists(rounds.filter(closed_at__isnull=False))
    )
    found = ~Q(schema_name__in=list(ready)) | to_assess
    for stage in ORDER:
        conditions = ahead_of(stage)
        if not conditions:
            continue
        tasks = PlanTask.objects.filter(round__municipality=OuterRef("pk"), state=TaskState.OPEN, blocks__in=conditions)
        signs = Q()
        for each in conditions:
            signs |= Q(gathered_signs__signs__contains=[{"blocks": each.value}])
        found |= Q(stage=stage) & (Exists(tasks) | signs)
    return found
