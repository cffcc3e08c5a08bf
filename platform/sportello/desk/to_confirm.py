"""A service whose fees no act has stated yet, for citizens: what is known of it, and never an amount."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.models import Edition, TemplateLineage
from services_catalog.queries import editions_to_confirm


def cards() -> list[dict[str, Any]]:
    """Its card on the front page of the Comune (one query for all of them)."""
    return [_card(draft) for draft in editions_to_confirm().values()]


def _card(draft: Edition) -> dict[str, Any]:
    sheet = draft.rules.sheet.within(get_language() or "it")
    return {
        "code": draft.service.code,
        "title": sheet.title,
        "description": sheet.description,
        "state": "attention",
        "state_text": _("Tariffe da confermare"),
        "detail": "",
        "to_confirm": True,
    }


def sheet_page(request: HttpRequest, code: str) -> HttpResponse | None:
    """The sheet of such a service, without dates nor amounts; None where the service is not one."""
    return _page(request, code, "desk/service_to_confirm.html")


def quote_page(request: HttpRequest, code: str) -> HttpResponse | None:
    """Why nobody can say yet what one would pay; None where the service is not one."""
    return _page(request, code, "desk/quote_to_confirm.html")


def _page(request: HttpRequest, code: str, template: str) -> HttpResponse | None:
    draft = editions_to_confirm().get(code)
    if draft is None:
        return None
    context = {
        "service": draft.service,
        "sheet": draft.rules.sheet.within(get_language() or "it"),
        "procedure": draft.rules.procedure,
        "year": draft.year,
        "as_template": TemplateLineage.objects.filter(service=draft.service, fingerprint=draft.fingerprint).exists(),
    }
    return render(request, template, context)
