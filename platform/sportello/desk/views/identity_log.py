"""The SAML log: one login at a time, by its number, with a reason; each opening is on record."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from integrations.spid_cie.models import IdentityProvider
from integrations.spid_cie.saml_log import NumberUnknown, Pair, open_pairs
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.desk.identity_forms import LogForm
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@require_http_methods(["GET", "POST"])
@role_required(Role.CENTRAL)
def log(request: IdentifiedRequest) -> HttpResponse:
    """Asks for number and reason; posted, shows the messages. They are in no address and in no cache."""
    form = LogForm(request.POST if request.method == "POST" else None)
    pairs: list[Pair] = []
    unknown = ""
    if form.is_valid():
        try:
            pairs = open_pairs(**form.cleaned_data, actor=request.user.pk, now=clock.now())
        except NumberUnknown as error:
            unknown = str(error)
        except DomainError as error:
            form.add_error("reason", str(error))
    context: dict[str, Any] = {"form": form, "pairs": pairs, "unknown": unknown, "names": _names(pairs)}
    context["has_errors"] = bool(form.errors)
    return render(request, "central/identity_log.html", context, status=422 if form.errors else 200)


def _names(pairs: list[Pair]) -> list[str]:
    """The providers by name; one that is no longer in the list by its identifier."""
    wanted = {pair.exchange.provider for pair in pairs}
    rows = IdentityProvider.objects.filter(entity_id__in=wanted).values_list("entity_id", "name") if wanted else []
    names = dict(rows)
    return sorted(names.get(provider, provider) for provider in wanted)
