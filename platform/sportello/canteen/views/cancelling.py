"""One click: a trip, a strike, a closure of a class, a school or the Comune; told with its meals, then done, or undone.

A school speaks for its own classes, and for the whole school when all of it is entrusted to the person; the Comune is
closed by the office alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from services_catalog.closing import close_days, closure_covering, reopen_days
from services_catalog.models import Closure, ClosureKind
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.canteen.cancelling import Cancelled, meals_cancelled_by, months_already_closed
from sportello.canteen.forms import ONE_CLICK, CancelForm
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.schools.models import School, Section
from sportello.schools.scoping import schools_governed_by, sections_visible_to

STAFF = (Role.SCHOOL, Role.CLERK, Role.ADMINISTRATOR)
OFFICE = frozenset({Role.CLERK, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a closure concerns: a class, a school, or (neither) the Comune; with the page to go back to."""

    school: School | None = None
    section: Section | None = None

    def url(self, day: date) -> str:
        """Where the day is seen afterwards."""
        if self.section is not None:
            return reverse("canteen:roll", args=[self.section.pk, day])
        if self.school is not None:
            return f"{reverse('canteen:school')}?giorno={day}"
        return reverse("services_catalog:closures")


@role_required(*STAFF)
def cancel(request: IdentifiedRequest) -> HttpResponse:
    """Says which meals would be cancelled; the same page sent back unchanged cancels them, once."""
    whom = _whom(request)
    if request.method != "POST":
        form = CancelForm(_asked(request))
        return _page(request, whom, form) if form.is_valid() else _page(request, whom, form, status=422)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, whom, form, status=422)
    values = form.cleaned_data
    days, kind = values["days"], ClosureKind(values["kind"])
    school, section = whom.school, whom.section
    if closure_covering(days=days, kind=kind, service=None, school=school, section=section) is not None:
        messages.info(request, _("Era già segnato: non cambia nulla."))
        return redirect(whom.url(days.start))
    cancelled = meals_cancelled_by(days=days, school=school, section=section)
    if values["told"] != _told(days, kind, cancelled):
        return _page(request, whom, form, cancelled=cancelled)
    close_days(
        days=days,
        kind=kind,
        reason=values["reason"],
        school=school,
        section=section,
        actor=request.user,
        now=clock.now(),
    )
    text = ngettext("Segnato: %(count)d pasto annullato.", "Segnato: %(count)d pasti annullati.", cancelled.meals)
    messages.success(request, text % {"count": cancelled.meals})
    return redirect(whom.url(days.start))


@require_POST
@role_required(*STAFF)
def undo(request: IdentifiedRequest, closure_id: int) -> HttpResponse:
    """Takes a closure back, while no month was closed on its word."""
    closure = get_object_or_404(
        closures_governed_by(request).select_related("school", "section__school"), pk=closure_id
    )
    whom, day = Whom(closure.school, closure.section), DateRange.from_bounds(closure.days).start
    try:
        reopen_days(closure=closure, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Annullato: la mensa c'è di nuovo, e le famiglie lo sapranno."))
    return redirect(whom.url(day))


def closures_governed_by(request: IdentifiedRequest) -> Any:
    """The closures that the person may take back: those of her classes and of the schools that are all hers."""
    today = clock.today()
    if request.user.roles_on(today) & OFFICE:
        return Closure.objects.filter(service=None)
    theirs = Q(section__in=sections_visible_to(request.user, today)) | Q(
        school__in=schools_governed_by(request.user, today), section=None
    )
    return Closure.objects.filter(theirs, service=None)


def one_click_links(day: date, **whom: object) -> list[tuple[str, str]]:
    """(word, address) of the commands offered beside a class or a school."""
    kinds = (ClosureKind.TRIP, ClosureKind.STRIKE, ClosureKind.CLOSURE)
    address = reverse("canteen:cancel")
    return [
        (str(kind.label).capitalize(), f"{address}?{urlencode({**whom, 'tipo': kind.value, 'giorno': day})}")
        for kind in kinds
    ]


def _whom(request: IdentifiedRequest) -> Whom:
    """The class or the school of the address, if it is hers; neither: the Comune, for the office."""
    today = clock.today()
    section_id, school_code = request.GET.get("classe", ""), request.GET.get("plesso", "")
    if section_id:
        if not (section_id.isascii() and section_id.isdigit()):
            raise Http404
        visible = sections_visible_to(request.user, today).select_related("school")
        section = get_object_or_404(visible, pk=int(section_id))
        return Whom(section.school, section)
    if school_code:
        return Whom(get_object_or_404(schools_governed_by(request.user, today), school_code=school_code))
    if not request.user.roles_on(today) & OFFICE:
        raise PermissionDenied
    return Whom()


def _asked(request: IdentifiedRequest) -> dict[str, str]:
    """The kind and the day of the address; a strike today without them."""
    kind = request.GET.get("tipo", "")
    try:
        day = date.fromisoformat(request.GET.get("giorno", "") or clock.today().isoformat())
    except ValueError as error:
        raise Http404 from error
    known = kind if kind in {one.value for one in ONE_CLICK} else ClosureKind.STRIKE.value
    return {"kind": known, "first_day": day.isoformat()}


def _page(
    request: IdentifiedRequest, whom: Whom, form: CancelForm, *, cancelled: Cancelled | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "whom": whom, "cancelled": None, "told": "", "back": ""}
    if status == 200:
        values = form.cleaned_data
        days, kind = values["days"], ClosureKind(values["kind"])
        found = cancelled or meals_cancelled_by(days=days, school=whom.school, section=whom.section)
        context |= {
            "cancelled": found,
            "days": days,
            "months": months_already_closed(days),
            "changed": request.method == "POST",
            "told": _told(days, kind, found),
            "back": whom.url(days.start),
        }
    return render(request, "canteen/cancel.html", context, status=status)


def _told(days: DateRange, kind: ClosureKind, cancelled: Cancelled) -> str:
    """What the page said, so that nothing else is done: the days, the kind and the meals."""
    return f"{days.start}/{days.last_day}/{kind.value}/{cancelled.meals}"
