"""The faces towards the identity providers, on the access host: metadata, answers, single logout.

No session is read or begun here: a provider's POST comes from another site and carries no cookie.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from integrations.spid_cie import door
from integrations.spid_cie.errors import NO_WAY, AnswerRefused, LoginFailed, Way
from integrations.spid_cie.keys import KeyMissing
from integrations.spid_cie.models import SamlEntity
from integrations.spid_cie.saml.response import MAX_BYTES
from sportello.accounts.errors import TooManyAttempts
from sportello.accounts.models import EndReason
from sportello.accounts.sessions import close_sessions
from sportello.accounts.throttling import PER_HUB_ADDRESS, address_of
from sportello.kernel import clock
from tenants.current import in_schema

MESSAGE = "SAMLResponse"
ENCODED_MOST = MAX_BYTES * 2  # base64, then percent-encoded where a sign needs it


@require_GET
def metadata(request: HttpRequest, scheme: str, ipa_code: str) -> HttpResponse:
    """The signed metadata of an entity; 404 as long as it has no key."""
    entity = SamlEntity.objects.filter(scheme=scheme, ipa_code=ipa_code).select_related("municipality").first()
    if entity is None:
        raise Http404
    try:
        content = door.metadata_of(entity, clock.instant())
    except KeyMissing as error:
        raise Http404 from error
    return HttpResponse(content, content_type="application/samlmetadata+xml")


@csrf_exempt  # a provider knows no token of ours; the signature says who sent it
@require_POST
def consumer(request: HttpRequest) -> HttpResponse:
    """An answer: to the desk's host with a code, or a page that says what went wrong (403)."""
    try:
        PER_HUB_ADDRESS.take(address_of(request), now=clock.now())
        handover = door.receive_answer(_message(request), now=clock.instant())
    except TooManyAttempts as error:
        return refused(str(error), status=429)
    except LoginFailed as error:
        return refused(str(error), way=error.way)
    answer = HttpResponse(status=303)
    answer["Location"] = f"{handover.origin}/accedi/fine/?{urlencode({'code': handover.code})}"
    answer["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(answer)
    return answer


def refused(sentence: str, *, way: Way = NO_WAY, status: int = 403) -> HttpResponse:
    """The page of a login that did not succeed. Drawn without the request: there is no session to read here."""
    page = render_to_string("access/refused.html", {"sentence": sentence, "way": way})
    answer = HttpResponse(page, status=status)
    add_never_cache_headers(answer)
    return answer


def _message(request: HttpRequest) -> str:
    """The one SAMLResponse of a form of reasonable size. Raises AnswerRefused."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > ENCODED_MOST:
        raise AnswerRefused("too_large")
    if request.content_type != "application/x-www-form-urlencoded":
        raise AnswerRefused("content_type")
    sent = request.POST.getlist(MESSAGE)
    if len(sent) != 1:
        raise AnswerRefused("one_message")
    return sent[0]


@require_GET
def logout(request: HttpRequest) -> HttpResponse:
    """A provider ends sessions: signed, they are over in their Comuni and it gets our signed answer; else 403."""
    query = {name: request.GET[name] for name in request.GET}
    try:
        PER_HUB_ADDRESS.take(address_of(request), now=clock.now())
        parting = door.read_logout(query, query_string=request.META["QUERY_STRING"], now=clock.instant())
    except TooManyAttempts as error:
        return refused(str(error), status=429)
    except LoginFailed as error:
        return refused(str(error))
    for schema, refs in parting.sessions.items():
        with in_schema(schema):
            close_sessions(refs=refs, reason=EndReason.PROVIDER, now=clock.now())
    door.forget_sessions(parting)
    answer = HttpResponseRedirect(parting.address)
    add_never_cache_headers(answer)
    return answer
