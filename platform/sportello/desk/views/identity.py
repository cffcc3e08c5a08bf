"""A Comune as service provider of SPID and CIE: its facts, and the papers that AgID and the Ministry ask for."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from integrations.spid_cie.desks import metadata_of
from integrations.spid_cie.keys import KeyMissing
from integrations.spid_cie.registering import change_entity, register_entity
from integrations.spid_cie.technical_sheet import technical_sheet
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.desk.identity_forms import EntityForm
from sportello.desk.identity_page import Subject, entity_form, find_subject, registered, show
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@require_http_methods(["GET", "POST"])
@role_required(Role.CENTRAL)
def entity(request: IdentifiedRequest, belfiore: str, scheme: str) -> HttpResponse:
    """The page of one scheme; posted, its facts are registered or changed."""
    subject = find_subject(belfiore, scheme)
    if request.method != "POST":
        return show(request, subject)
    form = entity_form(subject, request.POST)
    if form.is_valid():
        try:
            sentence = _save(request, subject, form)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, sentence)
            return HttpResponseRedirect(reverse("central:identity", args=[belfiore, scheme]))
    return show(request, subject, entity_form=form)


@require_GET
@role_required(Role.CENTRAL)
def metadata(request: IdentifiedRequest, belfiore: str, scheme: str) -> HttpResponse:
    """The signed metadata as a file: the same bytes as at the published address."""
    found = registered(belfiore, scheme)
    try:
        content = metadata_of(found, clock.now())
    except KeyMissing as error:
        raise Http404 from error
    return _file(content, "application/samlmetadata+xml", f"metadata-{scheme}-{found.ipa_code}.xml")


@require_GET
@role_required(Role.CENTRAL)
def certificate(request: IdentifiedRequest, belfiore: str, scheme: str, fingerprint: str) -> HttpResponse:
    """A certificate, PEM. The private half never leaves."""
    key = get_object_or_404(registered(belfiore, scheme).keys.all(), fingerprint=fingerprint)
    return _file(key.certificate.encode(), "application/x-pem-file", f"{scheme}-{fingerprint[:16]}.pem")


@require_GET
@role_required(Role.CENTRAL)
def sheet(request: IdentifiedRequest, belfiore: str, scheme: str) -> HttpResponse:
    """The technical sheet, for AgID or for the Ministry's portal."""
    found = registered(belfiore, scheme)
    return _file(technical_sheet(found, now=clock.now()), "application/pdf", f"scheda-{scheme}-{found.ipa_code}.pdf")


def _save(request: IdentifiedRequest, subject: Subject, form: EntityForm) -> str:
    actor, now = request.user.pk, clock.now()
    if subject.entity is None:
        register_entity(
            municipality=subject.municipality, scheme=subject.scheme, facts=form.facts(), actor=actor, now=now
        )
        return _("Ente registrato: ora crea la sua chiave.")
    confirmed = bool(form.cleaned_data.get("confirmed"))
    changed = change_entity(entity=subject.entity, facts=form.facts(), confirmed=confirmed, actor=actor, now=now)
    return _("Dati dell'ente aggiornati.") if changed else _("Nessun dato è cambiato.")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
