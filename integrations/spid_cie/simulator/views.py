"""The demo identity page."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from integrations.spid_cie import pending
from integrations.spid_cie.simulator import assertion
from integrations.spid_cie.simulator.forms import OtherPersonForm
from integrations.spid_cie.simulator.people import FictionalPerson, find_person, groups
from integrations.spid_cie.types import Provider, VerifiedIdentity
from sportello.kernel import clock
from sportello.kernel.fiscal_code import FiscalCode


@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """Lists the fictional people; a chosen one goes back to the desk with a code."""
    asked = request.POST if request.method == "POST" else request.GET
    state = asked.get("state", "")
    provider = Provider.CIE if asked.get("provider") == Provider.CIE else Provider.SPID
    if not pending.is_open(request, state):
        return HttpResponseRedirect(reverse("accounts:login"))
    today = clock.today()
    form = OtherPersonForm(request.POST if "other" in request.POST else None)
    person = _chosen(request, form, today)
    if person is not None:
        return _answer(person, provider=provider, state=state)
    context = {"groups": groups(today), "state": state, "provider": provider, "form": form}
    return render(request, "accounts/simulator.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, form: OtherPersonForm, today: date) -> FictionalPerson | None:
    if "other" not in request.POST:
        return find_person(request.POST.get("person", ""), today)
    if not form.is_valid():
        return None
    code = FiscalCode.parse(form.cleaned_data["fiscal_code"])
    return FictionalPerson(
        fiscal_code=code.value,
        given_name=form.cleaned_data["given_name"],
        family_name=form.cleaned_data["family_name"],
        birth_date=code.birth_date(today=today),
    )


def _answer(person: FictionalPerson, *, provider: Provider, state: str) -> HttpResponse:
    verified = VerifiedIdentity(
        scheme="fiscal_code",
        identifier=person.fiscal_code,
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        email=person.email if provider == Provider.SPID else "",
        level=3 if provider == Provider.CIE else 2,
        provider=provider,
    )
    code = assertion.issue(verified, state=state)
    return HttpResponseRedirect(f"{reverse('accounts:complete')}?{urlencode({'code': code})}")
