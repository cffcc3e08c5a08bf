"""The school: today's sections, the roll on a phone, corrections with their reason, the month, the kitchen.

People of a school see presences and diet codes of their own sections; no fee, no debt, no ISEE.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from services_catalog.day_explanation import explain_day
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.canteen.attendance import changes_of, month_sheet, names_of, schools_on
from sportello.canteen.models import RollCall
from sportello.canteen.month import Month
from sportello.canteen.roll import RollLine, roll_of
from sportello.canteen.roll_call import call_roll, correct_roll
from sportello.canteen.service import book_of, closed_word, why_closed
from sportello.canteen.views.cancelling import closures_governed_by, one_click_links
from sportello.canteen.views.days import day_asked, month_asked
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.schools.models import Section
from sportello.schools.scoping import schools_governed_by, sections_visible_to

STAFF = (Role.SCHOOL, Role.CLERK, Role.ADMINISTRATOR)


@role_required(*STAFF)
def school(request: IdentifiedRequest) -> HttpResponse:
    """The sections of a day, with what is still to be called."""
    today = clock.today()
    day = day_asked(request, today)
    schools = schools_on(sections_visible_to(request.user, today), day)
    closed = {school.school.pk: why_closed(school.sections[0].verdict) for school in schools if not school.is_open}
    theirs = set(schools_governed_by(request.user, today).values_list("pk", flat=True))
    context = {
        "day": day,
        "today": today,
        "earlier": day - timedelta(days=1),
        "later": day + timedelta(days=1) if day < today else None,
        "schools": [
            (
                one,
                closed.get(one.school.pk, ""),
                one_click_links(day, plesso=one.school.school_code) if one.school.pk in theirs else [],
            )
            for one in schools
        ],
        "to_call": sum(
            section.roll_call is None and section.verdict.is_service_day
            for school in schools
            for section in school.sections
        ),
    }
    return render(request, "canteen/school.html", context)


@role_required(*STAFF)
def roll(request: IdentifiedRequest, section_id: int, day: date) -> HttpResponse:
    """The roll of a section: to be called, or as it was called."""
    section = _section(request, section_id)
    if request.method == "POST":
        return _call(request, section, day)
    return _roll_page(request, section, day)


@role_required(*STAFF)
def correct(request: IdentifiedRequest, section_id: int, day: date) -> HttpResponse:
    """Correct a roll already called, with a reason; its history below."""
    section = _section(request, section_id)
    roll_call = get_object_or_404(RollCall, section=section, day=day)
    if request.method != "POST":
        return _correction_page(request, roll_call)
    reason = request.POST.get("reason", "")
    try:
        changed = correct_roll(
            roll_call=roll_call,
            presences=_posted(request),
            version=_number(request.POST.get("version", "")),
            reason=reason,
            actor=request.user.pk,
            now=clock.now(),
        )
    except DomainError as error:
        return _correction_page(request, roll_call, error=error, reason=reason)
    text = ngettext("%(count)d presenza corretta.", "%(count)d presenze corrette.", changed)
    messages.success(request, text % {"count": changed})
    return redirect("canteen:roll", section_id, day)


@role_required(*STAFF)
def month(request: IdentifiedRequest, section_id: int) -> HttpResponse:
    """A section over a month."""
    section = _section(request, section_id)
    today = clock.today()
    shown = month_asked(request) or Month.of(today)
    _record(request, Action.PERSON_LIST_READ, section, {"month": str(shown)})
    sheet = month_sheet(section, shown)
    context = {
        "section": section,
        "sheet": sheet,
        "closed": [(verdict.day, closed_word(verdict), verdict.detail) for verdict in sheet.closed],
        "earlier": shown.previous,
        "later": shown.next if shown < Month.of(today) else None,
    }
    return render(request, "canteen/section_month.html", context)


@role_required(*STAFF)
def kitchen(request: IdentifiedRequest, school_code: str) -> HttpResponse:
    """How many meals of each kind a school needs on a day: codes and counts, no names."""
    today = clock.today()
    day = day_asked(request, today)
    visible = sections_visible_to(request.user, today).filter(school__school_code=school_code)
    found = schools_on(visible, day)
    if not found:
        if not visible.exists():
            raise Http404
        return render(request, "canteen/kitchen.html", {"day": day, "found": None, "school": visible[0].school})
    return render(request, "canteen/kitchen.html", {"day": day, "found": found[0], "school": found[0].school})


def _section(request: IdentifiedRequest, section_id: int) -> Section:
    visible = sections_visible_to(request.user, clock.today()).select_related("school")
    return get_object_or_404(visible, pk=section_id)


def _call(request: IdentifiedRequest, section: Section, day: date) -> HttpResponse:
    presences = _posted(request)
    try:
        call_roll(section=section, day=day, presences=presences, actor=request.user.pk, now=clock.now())
    except DomainError as error:
        return _roll_page(request, section, day, error=error, ticked=presences)
    messages.success(request, _("Appello registrato: %(count)d a mensa.") % {"count": sum(presences.values())})
    return redirect("canteen:roll", section.pk, day)


def _roll_page(
    request: IdentifiedRequest,
    section: Section,
    day: date,
    *,
    error: DomainError | None = None,
    ticked: dict[UUID, bool] | None = None,
) -> HttpResponse:
    roll_call = RollCall.objects.filter(section=section, day=day).first()
    lines = roll_of(section, day, roll_call)
    _record_reading(request, section, day, lines)
    why = explain_day(book_of(day), school=section.school, section=section, day=day)
    verdict = why.verdict
    called_by = names_of([roll_call.called_by]).get(roll_call.called_by or 0, "") if roll_call else ""
    context = {
        "section": section,
        "day": day,
        "roll_call": roll_call,
        "called_by": called_by,
        "lines": [(line, (ticked or {}).get(line.child.public_id, True)) for line in lines],
        "present": sum(line.ate is True for line in lines),
        "absent": sum(line.ate is False for line in lines),
        "why_closed": why_closed(verdict),
        "closed_word": closed_word(verdict),
        "reasons": why.reasons,
        "one_click": one_click_links(day, classe=section.pk) if verdict.is_service_day else [],
        "to_undo": closures_governed_by(request).filter(section=section, days__contains=day).order_by("pk"),
        "may_call": verdict.is_service_day and day <= clock.today() and bool(lines),
        "is_future": day > clock.today(),
        "changes": changes_of(roll_call) if roll_call else [],
        "error": str(error) if error else "",
        "has_errors": error is not None,
    }
    return render(request, "canteen/roll.html", context, status=422 if error else 200)


def _correction_page(
    request: IdentifiedRequest, roll_call: RollCall, *, error: DomainError | None = None, reason: str = ""
) -> HttpResponse:
    section, day = roll_call.section, roll_call.day
    lines = roll_of(section, day, roll_call)
    ticked = _posted(request) if error else {}
    _record_reading(request, section, day, lines)
    context = {
        "section": section,
        "day": day,
        "roll_call": RollCall.objects.get(pk=roll_call.pk),
        "lines": [(line, ticked.get(line.child.public_id, line.ate is True)) for line in lines],
        "changes": changes_of(roll_call),
        "reason": reason,
        "error": str(error) if error else "",
        "has_errors": error is not None,
    }
    return render(request, "canteen/correction.html", context, status=422 if error else 200)


def _posted(request: IdentifiedRequest) -> dict[UUID, bool]:
    """The children shown on the form -> whether they were ticked. An id that is none names nobody."""
    ticked = set(request.POST.getlist("ate"))
    return {key: text in ticked for text in request.POST.getlist("child") if (key := _uuid(text)) is not None}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _record_reading(request: IdentifiedRequest, section: Section, day: date, lines: Iterable[RollLine]) -> None:
    """Special diets are on record whenever somebody reads them (GDPR art. 9)."""
    read = sum(bool(line.diet_code) for line in lines)
    if read:
        _record(request, Action.DIET_READ, section, {"day": day.isoformat(), "diets": read})


def _record(request: IdentifiedRequest, action: Action, section: Section, details: dict[str, object]) -> None:
    record(
        action=action,
        actor=request.user.pk,
        subject_kind="section",
        subject=section.pk,
        now=clock.now(),
        details=details,
    )
