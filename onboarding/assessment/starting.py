"""What the assessment says before a Comune starts: no legal step of the plan may be open. The law asks for it."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from onboarding.assessment.language import UNKNOWN_GAP
from onboarding.assessment.models import AssessmentRound, PlanTask, TaskState
from onboarding.assessment.queries import HeldRound, held_round, rounds_of
from onboarding.golive.check import Asked, Check, Cure, Finding, Where, fails, passes
from tenants.current import PUBLIC, in_schema

LEGAL: Final = "legal"
"""The area of the questionnaire whose gaps are legal."""


def legal_steps_are_done(asked: Asked) -> Finding:
    """An assessment was closed, and of the plan of the last one no task of a legal gap that blocks is open."""
    with in_schema(PUBLIC):
        last = rounds_of(asked.municipality).filter(closed_at__isnull=False).first()
        waiting = [] if last is None else legal_tasks(last)
    if last is None:
        return fails(_("La valutazione del Comune non è mai stata chiusa."), _cure(asked, "overview"))
    if waiting:
        text = ngettext(
            "Del piano resta aperta %(n)d attività giuridica.",
            "Del piano restano aperte %(n)d attività giuridiche.",
            len(waiting),
        )
        return fails(text % {"n": len(waiting)}, _cure(asked, "plan"))
    return passes(_("Nessuna attività giuridica del piano è aperta."), _cure(asked, "plan"))


def legal_tasks(closed: AssessmentRound) -> list[PlanTask]:
    """The open tasks of a closed round that come of its legal area and keep a stage from beginning.

    What nobody knew may be such a gap too: it counts until somebody knows.
    """
    gaps = _legal_gaps(held_round(closed))
    waiting = [task for task in closed.tasks.filter(state=TaskState.OPEN) if task.gap in gaps]
    return [task for task in waiting if task.blocks or task.gap.startswith(f"{UNKNOWN_GAP}.")]


def _legal_gaps(held: HeldRound) -> set[str]:
    asked = {one.key for area in held.questionnaire.areas if area.key == LEGAL for one in area.questions}
    return {gap.key for gap in held.outcome.gaps if asked & set(gap.opened_by)}


def _cure(asked: Asked, page: str) -> Cure:
    path = reverse(
        f"central_assessment:{page}",
        args=[asked.municipality.belfiore_code],
        urlconf="sportello.config.urls_central",
    )
    return Cure(Where.CENTRAL, path, _("Apri la valutazione") if page == "overview" else _("Apri il piano"))


LEGAL_STEPS: Final = Check("legal-steps", gettext_lazy("Passi giuridici del piano"), legal_steps_are_done, legal=True)
