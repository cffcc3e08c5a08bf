""" "Quanto pagherei?": for one service or all together, for anybody. By POST, never kept, never in an address."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from services_catalog.models import Service
from sportello.accounts.models import Account
from sportello.accounts.permissions import is_identified
from sportello.desk import to_confirm
from sportello.desk.quote_change import change_shown, filing_today
from sportello.desk.quote_form import MOST_CHILDREN, HouseholdForm, Known, typed
from sportello.desk.quote_known import known_children, known_household
from sportello.desk.quote_page import answered, planned_household
from sportello.desk.quote_services import Quoted, quoted_services, years_of
from sportello.kernel import clock

ADD, TAKE = "aggiungi", "togli"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def household_quote(request: HttpRequest) -> HttpResponse:
    """All the services of the Comune together; those whose fees no act has stated are named beside."""
    return _page(request, Service.objects.order_by("name"), {})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def service_quote(request: HttpRequest, code: str) -> HttpResponse:
    """The same question for one service."""
    if (unpriced := to_confirm.quote_page(request, code)) is not None:
        return unpriced
    service = get_object_or_404(Service, code=code)
    return _page(request, Service.objects.filter(pk=service.pk), {"service": service})


def _page(request: HttpRequest, services: QuerySet[Service], context: dict[str, Any]) -> HttpResponse:
    today = clock.today()
    quoted = quoted_services(services, today)
    waiting = to_confirm.cards() if "service" not in context else []
    if not quoted:
        return _nothing_to_quote(request, waiting)
    account = request.user if is_identified(request.user) and not request.user.is_minor_on(today) else None
    known = known_children(account, today) if account is not None else []
    form = _form(request, quoted, known, account, today)
    page: dict[str, Any] = {"quoted": quoted, "form": form, "most": MOST_CHILDREN, "waiting": waiting, **context}
    page["filing"] = filing_today(quoted, today)
    wrong = form.is_bound and not form.is_valid()
    if form.is_bound and not wrong:
        stated, years = form.stated(), years_of(quoted)
        household = planned_household(stated, years)
        page |= {
            "answer": answered(stated, household, years),
            "change": change_shown(stated, household, years),
            "has_isee": stated.isee is not None,
        }
    return render(request, "desk/quote.html", page, status=422 if wrong else 200)


def _nothing_to_quote(request: HttpRequest, waiting: Sequence[dict[str, Any]]) -> HttpResponse:
    """Why nobody can say yet what one would pay, where some service waits for its fees."""
    page = to_confirm.quote_page(request, waiting[0]["code"]) if waiting else None
    if page is None:
        raise Http404
    return page


def _form(
    request: HttpRequest, quoted: Sequence[Quoted], known: Sequence[Known], account: Account | None, today: date
) -> HouseholdForm:
    """What was asked, judged; or the form with more or fewer children; or, at first, with what is known of her."""
    if request.method != "POST":
        initial = known_household(account, today) if account is not None and known else {}
        return HouseholdForm(quoted, children=len(known) or 1, known=known, initial=initial)
    number = _number(request.POST)
    action = request.POST.get("azione", "")
    if action not in (ADD, TAKE):
        return HouseholdForm(quoted, request.POST, children=number, known=known)
    held = HouseholdForm(quoted, children=number, known=known)
    children = min(max(number + (1 if action == ADD else -1), 1), MOST_CHILDREN)
    return HouseholdForm(quoted, children=children, known=known, initial=typed(held, request.POST))


def _number(posted: Mapping[str, str]) -> int:
    """How many children the form had."""
    text = posted.get("figli", "")
    return int(text) if text.isdecimal() and len(text) < 3 else 1
