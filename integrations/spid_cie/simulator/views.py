"""The pages of the provider: choose who you are, then go back with a signed answer. Nothing is kept in between."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from integrations.spid_cie.models import IdentityScheme
from integrations.spid_cie.simulator.asking import Asked, BadRequest, read_request
from integrations.spid_cie.simulator.faults import FAULTS, Fault, fault_of
from integrations.spid_cie.simulator.federation import DemoProvider, entity_named
from integrations.spid_cie.simulator.forms import OtherPersonForm
from integrations.spid_cie.simulator.issuing import issue
from integrations.spid_cie.simulator.people import FictionalPerson, find_person, groups
from sportello.kernel import clock
from sportello.kernel.fiscal_code import FiscalCode
from tenants.current import in_schema

CARRIED: Final = ("SAMLRequest", "RelayState", "SigAlg", "Signature")
type View = Callable[..., HttpResponse]


@never_cache
@require_http_methods(["GET", "POST"])
def sign_on(request: HttpRequest, scheme: str) -> HttpResponse:
    """The people of the asking Comune; a chosen one goes back to the desk."""
    if scheme not in IdentityScheme.values:
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    provider = DemoProvider(scheme, split_domain_port(request.get_host())[0])
    carried = {name: sent[name] for name in CARRIED if name in sent}
    try:
        asked = read_request(carried, provider=provider, now=clock.instant())
    except BadRequest as error:
        return render(request, "simulator/bad_request.html", {"code": error.code, "words": str(error)}, status=403)
    with in_schema(_schema_of(asked)):
        return _in_comune(request, provider, asked, carried)


def _in_comune(request: HttpRequest, provider: DemoProvider, asked: Asked, carried: dict[str, str]) -> HttpResponse:
    today = clock.today()
    form = OtherPersonForm(request.POST if "other" in request.POST else None)
    fault = fault_of(request.POST.get("fault", ""))
    person = _chosen(request, form, today)
    if person is not None or (fault is not None and fault.error):
        return _answer(request, provider, asked, person, fault, carried.get("RelayState", ""))
    entity = entity_named(asked.issuer)
    context = {
        "groups": groups(today),
        "faults": FAULTS,
        "form": form,
        "carried": carried,
        "desk": entity.municipality.name if entity.municipality else settings.SAML_AGGREGATOR["name"],
        "minimum_age": asked.minimum_age,
    }
    return render(request, "simulator/sign_on.html", context, status=422 if form.errors else 200)


def _answer(
    request: HttpRequest,
    provider: DemoProvider,
    asked: Asked,
    person: FictionalPerson | None,
    fault: Fault | None,
    relay_state: str,
) -> HttpResponse:
    message = issue(provider=provider, asked=asked, person=person, fault=fault, now=clock.instant())
    context = {"message": message, "consumer_url": asked.consumer_url, "relay_state": relay_state}
    # Browsers hold `form-action` against every redirect that follows the form, down to the desk's own host.
    policy: Any = {name: value for name, value in settings.SECURE_CSP.items() if name != "form-action"}

    @csp_override(policy)
    def page(request: HttpRequest) -> HttpResponse:
        return render(request, "simulator/answer.html", context)

    answer: HttpResponse = page(request)
    return answer


def _schema_of(asked: Asked) -> str:
    entity = entity_named(asked.issuer)
    return str(entity.municipality.schema_name if entity.municipality else settings.CENTRAL_SCHEMA)


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
