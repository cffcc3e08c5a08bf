"""The pages that both sides share; `central` and `office` say who may come in and whose desk it is."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onboarding.assessment.answering import Saved, save_area
from onboarding.assessment.comparing import progress
from onboarding.assessment.desk import Desk
from onboarding.assessment.errors import AnswersConflict
from onboarding.assessment.forms import NOT_KNOWN, AreaForm, initial_answers
from onboarding.assessment.hands import hand_of
from onboarding.assessment.language import Area
from onboarding.assessment.models import AreaSaving, PlanTask, TaskState
from onboarding.assessment.outcome import Outcome
from onboarding.assessment.paper import assessment_paper
from onboarding.assessment.queries import HeldRound, held_round, held_rounds, rounds_of
from onboarding.assessment.rounds import close_round, open_round
from onboarding.assessment.rules import applies
from onboarding.assessment.telling import Teller, told_progress
from sportello.accounts.permissions import IdentifiedRequest
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


def teller_of(held: HeldRound) -> Teller:
    """Says things of the round in the language of the page."""
    return Teller(held.questionnaire, get_language() or "it")


def overview(request: IdentifiedRequest, desk: Desk) -> HttpResponse:
    """The rounds of the Comune; of the latest, how far each area is."""
    rounds = list(rounds_of(desk.municipality))
    context: dict[str, Any] = {"rounds": [(row, desk.url("outcome", row.number)) for row in rounds], "current": None}
    if rounds:
        context |= _standing(desk, held_round(rounds[0]))
    return _page(request, desk, "assessment/overview.html", context)


def _standing(desk: Desk, held: HeldRound) -> dict[str, Any]:
    outcome, teller = held.outcome, teller_of(held)
    latest: dict[str, AreaSaving] = {}
    savings = AreaSaving.objects.filter(sheet__round=held.row).select_related("sheet")
    for saving in savings.order_by("sheet_id", "-version").distinct("sheet_id"):
        latest[saving.sheet.area] = saving
    tasks = PlanTask.objects.filter(round__municipality=desk.municipality, state=TaskState.OPEN)
    today = clock.today()
    return {
        "current": held.row,
        "title": held.questionnaire.title.told(teller.language),
        "outcome": outcome,
        "answered": outcome.asked - outcome.to_answer,
        "level": teller.level(outcome),
        "areas": [
            (area, desk.url("area", held.row.number, area.key), latest.get(area.key))
            for area in teller.areas(held, outcome)
        ],
        "outcome_url": desk.url("outcome", held.row.number),
        "plan_url": desk.url("plan"),
        "open_tasks": tasks.count(),
        "late_tasks": tasks.filter(Q(due_on__lt=today)).count(),
        "blocking_gaps": sum(gap.blocks is not None for gap in outcome.gaps),
    }


def begin(request: IdentifiedRequest, desk: Desk) -> HttpResponse:
    """Opens a round."""
    try:
        open_round(municipality=desk.municipality, hand=hand_of(request.user), now=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Valutazione aperta: ora la compilate insieme, un'area alla volta."))
    return HttpResponseRedirect(desk.url("overview"))


def close(request: IdentifiedRequest, desk: Desk, number: int) -> HttpResponse:
    """Closes the round, when all is answered."""
    held = find_round(desk, number)
    try:
        close_round(round_=held.row, hand=hand_of(request.user), now=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(desk.url("overview"))
    messages.success(request, _("Valutazione chiusa: il piano delle attività è pronto."))
    return HttpResponseRedirect(desk.url("outcome", number))


def area(request: IdentifiedRequest, desk: Desk, number: int, key: str) -> HttpResponse:
    """The questions of an area; posted, they are saved."""
    held = find_round(desk, number)
    asked = held.questionnaire.area(key)
    if asked is None:
        raise Http404
    if not held.row.is_open:
        return HttpResponseRedirect(desk.url("outcome", number))
    if request.method != "POST":
        questions = [one for one in asked.questions if applies(held.questionnaire, one, held.answers)]
        sheet = held.sheets[key]
        initial = {"version": sheet.version, **initial_answers(questions, held.answers)}
        return _area_page(request, desk, held, asked, AreaForm(initial=initial, questions=questions))
    shown = request.POST.get("asked", "").split(",")
    form = AreaForm(request.POST, questions=[one for one in asked.questions if one.key in shown])
    if not form.is_valid():
        return _area_page(request, desk, held, asked, form)
    try:
        saved = save_area(
            round_=held.row,
            area=asked,
            answers=form.answers(),
            version=form.cleaned_data["version"],
            hand=hand_of(request.user),
            now=clock.now(),
        )
    except AnswersConflict as clash:
        return _conflict_page(request, desk, held, asked, clash)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _area_page(request, desk, held, asked, form)
    return _after_saving(request, desk, number, asked, saved)


def _after_saving(request: IdentifiedRequest, desk: Desk, number: int, asked: Area, saved: Saved) -> HttpResponse:
    held = find_round(desk, number)
    outcome = held.outcome
    left = next(one.to_answer for one in outcome.areas if one.key == asked.key)
    title = asked.title.told(get_language() or "it")
    sentence = _("%(area)s: salvata.") % {"area": title}
    if left:
        sentence = _("%(area)s: salvata. Risposte ancora da dare: %(left)s.") % {"area": title, "left": left}
    messages.success(request, sentence)
    if saved.joined:
        messages.info(
            request,
            _("Intanto %(who)s aveva salvato altre risposte: ci sono tutte, le sue e le tue.") % {"who": saved.joined},
        )
    wanted = request.POST.get("action")
    following = next((one.key for one in outcome.areas if one.to_answer and one.key != asked.key), None)
    if wanted == "next" and left and saved.changed:
        return HttpResponseRedirect(desk.url("area", number, asked.key))
    if wanted == "next" and following:
        return HttpResponseRedirect(desk.url("area", number, following))
    return HttpResponseRedirect(desk.url("overview"))


def _conflict_page(
    request: IdentifiedRequest, desk: Desk, held: HeldRound, asked: Area, clash: AnswersConflict
) -> HttpResponse:
    """Her answers as she wrote them, with the others' beside; saved again, they stand."""
    answers = {**held.answers, **clash.merged}
    questions = [one for one in asked.questions if applies(held.questionnaire, one, answers)]
    initial = {"version": clash.version, **initial_answers(questions, clash.merged)}
    form = AreaForm(initial=initial, questions=questions)
    teller = teller_of(held)
    others = {one.key: teller.answer(one, clash.theirs.get(one.key)) for one in questions if one.key in clash.conflicts}
    context = {"clash": str(clash), "clash_who": clash.params["who"], "clash_at": clash.at, "others": others}
    return _area_page(request, desk, held, asked, form, status=409, **context)


def _area_page(
    request: IdentifiedRequest,
    desk: Desk,
    held: HeldRound,
    asked: Area,
    form: AreaForm,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    language = get_language() or "it"
    others = context.get("others", {})
    weights = {one.key: one.weight for one in form.questions}
    fields = [
        (bound, others.get(bound.name, ""), weights.get(bound.name, 0), bound.name.endswith(NOT_KNOWN))
        for bound in form.visible_fields()
    ]
    areas = [
        (one.title.told(language), desk.url("area", held.row.number, one.key), one is asked)
        for one in held.questionnaire.areas
    ]
    return _page(
        request,
        desk,
        "assessment/area.html",
        {
            "current": held.row,
            "title": asked.title.told(language),
            "lead": asked.lead.told(language),
            "form": form,
            "fields": fields,
            "areas": areas,
            "overview_url": desk.url("overview"),
            "clash": "",
            **context,
        },
        status=422 if form.errors else status,
    )


def outcome(request: IdentifiedRequest, desk: Desk, number: int) -> HttpResponse:
    """Score with its reasons, gaps, connectors, and the way since the round before."""
    rounds = list(rounds_of(desk.municipality).filter(number__in=[number, number - 1]))
    if not rounds or rounds[0].number != number:
        raise Http404
    both = held_rounds(rounds)
    held, found, teller = both[0], both[0].outcome, teller_of(both[0])
    way = None
    if len(both) > 1:
        way = told_progress(progress(both[1].outcome, found), teller_of(both[1]), teller)
    context = {
        "current": held.row,
        "outcome": found,
        "level": teller.level(found),
        "areas": teller.areas(held, found),
        "gaps": teller.gaps(found.gaps),
        "connectors": teller.connectors(found.connectors),
        "tasks": _told_tasks(teller, found),
        "way": way,
        "overview_url": desk.url("overview"),
        "plan_url": desk.url("plan"),
        "paper_url": desk.url("paper", number),
        "close_url": desk.url("close", number) if desk.may_lead else "",
    }
    return _page(request, desk, "assessment/outcome.html", context)


def _told_tasks(teller: Teller, found: Outcome) -> list[tuple[str, str, Any]]:
    return [(teller.task(one.gap, one.key), teller.owner(one.owner), one.due_on) for one in found.tasks]


def paper(request: IdentifiedRequest, desk: Desk, number: int) -> HttpResponse:
    """The assessment as a PDF for the Comune's act."""
    rounds = list(rounds_of(desk.municipality).filter(number__in=[number, number - 1]))
    if not rounds or rounds[0].number != number:
        raise Http404
    both = held_rounds(rounds)
    content = assessment_paper(desk.municipality, both[0], both[1] if len(both) > 1 else None, now=clock.now())
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"valutazione-{desk.municipality.slug}-{number}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def find_round(desk: Desk, number: int) -> HeldRound:
    """That round of this Comune. Raises Http404."""
    row = rounds_of(desk.municipality).filter(number=number).first()
    if row is None:
        raise Http404
    return held_round(row)


def _page(
    request: IdentifiedRequest, desk: Desk, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, template, {"desk": desk, "subject": desk.municipality, **context}, status=status)
