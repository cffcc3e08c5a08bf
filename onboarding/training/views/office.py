"""The exercises of whoever works in a Comune; for its administrator, also who has done what and the twin's reset."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from onboarding.population.families import Inventor
from onboarding.population.roster import write_roster
from onboarding.population.settling import demo_place
from onboarding.training.exercise import Exercise, exercise_named, exercises_for
from onboarding.training.models import ExerciseDone
from onboarding.training.proving import check_exercise
from onboarding.training.queries import done_by, training_of
from onboarding.training.twin import TwinState, prepare_twin, twin_state
from sportello.accounts.models import Account, Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.spreadsheets import CSV_TYPE
from tenants.current import current_municipality, in_schema, in_twin
from tenants.models import Municipality
from tenants.twins import real_of

STAFF = (Role.CLERK, Role.ADMINISTRATOR, Role.SCHOOL, Role.SUPPORT)
PRACTICE_SEED = 4_100
PRACTICE_ROWS = 25


@dataclass(frozen=True, slots=True)
class Row:
    """An exercise as the list shows it."""

    exercise: Exercise
    title: str
    aim: str
    done: ExerciseDone | None


@never_cache
@require_GET
@role_required(*STAFF)
def mine(request: IdentifiedRequest) -> HttpResponse:
    """What the person is to practise, and how far she is."""
    real = real_of(current_municipality())
    account = _account_there(request, real)
    rows = _rows(real, account, request.user)
    is_chief = Role.ADMINISTRATOR in request.user.roles_on(clock.today())
    context = {
        "rows": rows,
        "done": sum(row.done is not None for row in rows),
        "twin": twin_state(real, clock.now()),
        "in_twin": in_twin(),
        "is_chief": is_chief,
        "people": training_of(real, clock.today()) if is_chief else [],
    }
    htmx = bool(getattr(request, "htmx", False))
    return render(request, "training/mine.html#twin" if htmx else "training/mine.html", context)


@never_cache
@require_GET
@role_required(*STAFF)
def exercise(request: IdentifiedRequest, code: str) -> HttpResponse:
    """One exercise: its steps, and whether it is done."""
    return _page(request, _find(request, code))


@require_POST
@role_required(*STAFF)
def check(request: IdentifiedRequest, code: str) -> HttpResponse:
    """Looks into the twin's record now."""
    found, real = _find(request, code), real_of(current_municipality())
    account = _account_there(request, real)
    if account is None:
        raise Http404
    try:
        with in_schema(real.schema_name):
            judged = check_exercise(municipality=real, account=account, exercise=found, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, found)
    if judged.done:
        messages.success(request, _("Esercizio svolto: risulta dal registro dell'ambiente di prova."))
        return redirect("training:mine")
    language = get_language()
    return _page(request, found, missing=[each.within(language) for each in judged.missing])


@require_POST
@role_required(Role.ADMINISTRATOR)
def prepare(request: IdentifiedRequest) -> HttpResponse:
    """Begins the twin afresh. Only from the Comune itself: in the twin one would saw off one's own branch."""
    if in_twin():
        raise Http404
    try:
        prepare_twin(municipality=current_municipality(), actor=request.user.pk, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("L'ambiente di prova si prepara: ci vuole circa un minuto."))
    return redirect("training:mine")


@require_GET
@role_required(Role.CLERK, Role.ADMINISTRATOR)
def roster(request: IdentifiedRequest) -> HttpResponse:
    """A roster of invented children to bring in; only where bringing it in touches nobody."""
    if not in_twin():
        raise Http404
    place, _edition = demo_place()
    answer = HttpResponse(
        write_roster(Inventor(place, PRACTICE_SEED), children=PRACTICE_ROWS), content_type=f"{CSV_TYPE}; charset=cp1252"
    )
    answer["Content-Disposition"] = 'attachment; filename="elenco-di-prova.csv"'
    return answer


def _page(request: IdentifiedRequest, found: Exercise, *, missing: list[str] | None = None) -> HttpResponse:
    real, language = real_of(current_municipality()), get_language()
    account = _account_there(request, real)
    with in_schema(real.schema_name):
        done = done_by(account).get((found.code, found.version)) if account else None
    twin = twin_state(real, clock.now())
    context: dict[str, Any] = {
        "exercise": found,
        "title": found.title.within(language),
        "aim": found.aim.within(language),
        "steps": [(step.says.within(language), _address(step.page, twin)) for step in found.steps],
        "done": done,
        "missing": missing or [],
        "twin": twin,
        "in_twin": in_twin(),
        "has_errors": bool(missing),
    }
    return render(request, "training/exercise.html", context, status=422 if missing else 200)


def _address(page: str, twin: TwinState | None) -> str:
    """Where a step is done: here when we are in the twin, else through its entrance."""
    if not page or in_twin():
        return page
    return f"{twin.url}/formazione/entra/?next={page}" if twin is not None and twin.ready else ""


def _rows(real: Municipality, account: Account | None, user: Account) -> list[Row]:
    language = get_language()
    with in_schema(real.schema_name):
        done = done_by(account) if account else {}
    return [
        Row(one, one.title.within(language), one.aim.within(language), done.get((one.code, one.version)))
        for one in exercises_for(user.roles_on(clock.today()))
    ]


def _find(request: IdentifiedRequest, code: str) -> Exercise:
    found = exercise_named(code)
    if found is None or found not in exercises_for(request.user.roles_on(clock.today())):
        raise Http404
    return found


def _account_there(request: IdentifiedRequest, real: Municipality) -> Account | None:
    """Her account in the Comune itself, which the twin knows by its public id."""
    if not in_twin():
        return request.user
    with in_schema(real.schema_name):
        return Account.objects.filter(public_id=request.user.public_id).first()
