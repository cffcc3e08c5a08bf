"""The provider's own home: who entered where through it, and the single logout of each."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from integrations.spid_cie.models import IdentityScheme
from integrations.spid_cie.simulator.asking import is_signed_by, signing_certificates
from integrations.spid_cie.simulator.federation import published_metadata
from integrations.spid_cie.simulator.models import IssuedIdentity
from integrations.spid_cie.simulator.parting import logout_address
from sportello.kernel import clock

MOST = 50


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The sessions that were opened through this provider."""
    return render(request, "simulator/home.html", {"issued": IssuedIdentity.objects.all()[:MOST]})


@require_POST
def close(request: HttpRequest, name_id: str) -> HttpResponse:
    """Sends the browser to the service with a signed request to end that session."""
    issued = get_object_or_404(IssuedIdentity, name_id=name_id, scheme=IdentityScheme.SPID)
    metadata = published_metadata(issued.audience, clock.instant())
    if metadata is None:
        raise Http404
    address = logout_address(issued, metadata, now=clock.instant())
    issued.delete()
    return HttpResponseRedirect(address)


@never_cache
@require_GET
def logged_out(request: HttpRequest, _scheme: str) -> HttpResponse:
    """The service's answer, its signature verified."""
    sent = {name: request.GET[name] for name in request.GET}
    issuer = sent.get("RelayState", "")
    metadata = published_metadata(issuer, clock.instant()) if "SAMLResponse" in sent else None
    good = metadata is not None and is_signed_by(sent, "SAMLResponse", signing_certificates(metadata))
    return render(request, "simulator/logged_out.html", {"good": good}, status=200 if good else 403)
