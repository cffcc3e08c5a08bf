"""The Comune's front page, and the sheet of a service."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.models import Service
from services_catalog.schema import Window
from sportello.applications.calls import Call, call_on, calls_on
from sportello.desk import to_confirm
from sportello.desk.entitlement import entitlement
from sportello.desk.fee_sheet import fee_sheet
from sportello.fees.explanation import act_sentence
from sportello.kernel import clock
from sportello.schools.models import Level
from sportello.ui.templatetags.ui import it_date


def _state(call: Call) -> tuple[str, str, str]:
    """(tone, words, detail) of the windows on the day asked about."""
    if call.window is not None:
        return "success", _("Iscrizioni aperte"), _("fino al %(day)s") % {"day": it_date(call.window.closes)}
    if call.next_window is not None:
        return "info", _("Iscrizioni chiuse"), _("riaprono il %(day)s") % {"day": it_date(call.next_window.opens)}
    if not call.content.windows:
        return "neutral", _("Domanda non online"), ""
    return "neutral", _("Iscrizioni chiuse"), ""


def _card(call: Call) -> dict[str, Any]:
    sheet = call.content.sheet.within(get_language() or "it")
    tone, words, detail = _state(call)
    return {
        "code": call.edition.service.code,
        "title": sheet.title,
        "description": sheet.description,
        "state": tone,
        "state_text": words,
        "detail": detail,
        "to_confirm": False,
    }


def home(request: HttpRequest) -> HttpResponse:
    """The services that the Comune offers, open or closed."""
    calls = calls_on(clock.today(), *Service.objects.order_by("name"))
    return render(
        request, "desk/home.html", {"services": [*(_card(call) for call in calls.values()), *to_confirm.cards()]}
    )


def _call(code: str) -> Call:
    call = call_on(get_object_or_404(Service, code=code), clock.today())
    if call is None:
        raise Http404
    return call


def _windows(call: Call, today: date) -> list[dict[str, Any]]:
    return [
        {
            "label": window.label.within(get_language() or "it"),
            "when": _("dal %(opens)s al %(closes)s")
            % {"opens": it_date(window.opens), "closes": it_date(window.closes)},
            "late": window.late,
            "state": _window_state(window, today),
        }
        for window in call.content.windows
    ]


def _window_state(window: Window, today: date) -> str:
    if today < window.opens:
        return _("non ancora aperta")
    return _("aperta") if today <= window.closes else _("chiusa")


def service(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet with the mandated headings, in their order."""
    if (unpriced := to_confirm.sheet_page(request, code)) is not None:
        return unpriced
    call = _call(code)
    tone, words, detail = _state(call)
    context = {
        "call": call,
        "service": call.edition.service,
        "sheet": call.content.sheet.within(get_language() or "it"),
        "procedure": call.content.procedure,
        "state": tone,
        "state_text": words,
        "state_detail": detail,
        "fees": fee_sheet(call.content),
        "act": act_sentence(call.edition),
        "windows": _windows(call, clock.today()),
        "entitlement": entitlement(request.user, call, clock.now()),
        "spans": [
            {"level": Level(span.level).label, "first_day": span.first_day, "last_day": span.last_day}
            for span in call.content.calendar.spans
        ],
    }
    return render(request, "desk/service.html", context)
