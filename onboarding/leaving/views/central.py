"""The central team: the packages of a Comune, and its departure with two people."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from onboarding.leaving import departing
from onboarding.leaving.errors import PackageGone
from onboarding.leaving.exporting import KEPT, hand_out, request_export
from onboarding.leaving.forms import ActForm, NameForm, ReasonForm
from onboarding.leaving.handing import package_response
from onboarding.leaving.models import Departure, DepartureState, ExportPackage
from onboarding.leaving.shown import TONES, ShownPackage, deeds_open_to, milestones, shown_packages
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.jobs.models import JobState
from sportello.jobs.progress import latest_figures
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists

FORMS: dict[str, type[forms.Form]] = {"act": ActForm, "reason": ReasonForm, "name": NameForm}
WANTS = {"chiedi": "act", "annulla": "reason", "cancella": "name"}


@require_GET
@role_required(Role.CENTRAL)
def departure(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """The packages of the Comune and how far its departure is."""
    return _page(request, _find(belfiore))


@require_POST
@role_required(Role.CENTRAL)
def export(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Asks for a package of the Comune; recorded there and here."""
    found = _find(belfiore)
    if not schema_exists(found.schema_name):
        raise Http404
    try:
        with transaction.atomic():
            with in_schema(found.schema_name):
                package = request_export(actor=None, now=clock.now(), asked_by=str(request.user.public_id))
            _record(Action.EXPORT_REQUESTED, request, found, package)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Esportazione chiesta: la pagina dice quando è pronta."))
    return redirect("departures:departure", found.belfiore_code)


@require_GET
@role_required(Role.CENTRAL)
def download(request: IdentifiedRequest, belfiore: str, public_id: UUID) -> HttpResponse | FileResponse:
    """The package of the Comune; recorded there and here."""
    found = _find(belfiore)
    if not schema_exists(found.schema_name):
        raise Http404
    try:
        with transaction.atomic():
            with in_schema(found.schema_name):
                package = get_object_or_404(ExportPackage, public_id=public_id)
                path = hand_out(package=package, actor=None, now=clock.now(), asked_by=str(request.user.public_id))
            _record(Action.EXPORT_DOWNLOADED, request, found, package)
    except PackageGone as gone:
        messages.error(request, str(gone))
        return redirect("departures:departure", found.belfiore_code)
    return package_response(path, package)


@require_POST
@role_required(Role.CENTRAL)
def deed(request: IdentifiedRequest, belfiore: str, what: str) -> HttpResponse:
    """One step of the departure: asked, approved, called off, deleted, taken up again."""
    found = _find(belfiore)
    wanted = WANTS.get(what)
    form = FORMS[wanted](request.POST) if wanted else None
    if form is not None and not form.is_valid():
        return _page(request, found, {str(wanted): form})
    try:
        sentence = _done(request, found, what, form)
    except DomainError as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return redirect("departures:departure", found.belfiore_code)
        form.add_error(wanted, str(refusal))
        return _page(request, found, {str(wanted): form})
    messages.success(request, sentence)
    return redirect("departures:departure", found.belfiore_code)


def _done(request: IdentifiedRequest, found: Municipality, what: str, form: forms.Form | None) -> str:
    who: dict[str, Any] = {"actor": request.user, "now": clock.now()}
    words: dict[str, Any] = form.cleaned_data if form else {}
    if what == "chiedi":
        departing.request_departure(municipality=found, **words, **who)
        return _("Uscita chiesta. Adesso il Comune conferma la sua esportazione e un'altra persona approva.")
    held = _latest(found)
    if held is None:
        raise Http404
    deeds: dict[str, tuple[Callable[..., object], str]] = {
        "approva": (departing.approve_departure, _("Uscita approvata: comincia l'attesa.")),
        "annulla": (departing.cancel_departure, _("Uscita annullata: il Comune resta.")),
        "cancella": (departing.begin_deletion, _("Cancellazione avviata: prima si controlla che niente vada perso.")),
        "riprendi": (departing.resume_deletion, _("La cancellazione riprende da dove si era fermata.")),
    }
    if what not in deeds:
        raise Http404
    use_case, sentence = deeds[what]
    use_case(departure=held, **words, **who)
    return sentence


@require_GET
@role_required(Role.CENTRAL)
def certificate(request: IdentifiedRequest, belfiore: str, public_id: UUID) -> FileResponse:
    """The certificate of a deletion."""
    held = get_object_or_404(Departure, public_id=public_id, belfiore_code=belfiore.upper(), state="deleted")
    name = f"certificato-cancellazione-{held.belfiore_code}.pdf"
    return FileResponse(held.certificate.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")


def _page(request: IdentifiedRequest, found: Municipality, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    held, has_schema = _latest(found), schema_exists(found.schema_name)
    job = held.job if held else None
    context = {
        "subject": found,
        "has_schema": has_schema,
        "packages": _packages(found) if has_schema else [],
        "days": KEPT.days,
        "held": held,
        "tone": TONES[DepartureState(held.state)] if held else "",
        "milestones": milestones(held, confirmed=has_schema and departing.is_confirmed(held)) if held else [],
        "figures": latest_figures(job) if job is not None and not job.finished_at else None,
        "failure": job.message if job is not None and job.state == JobState.FAILED else "",
        "may": deeds_open_to(held, viewer=request.user.pk, now=clock.now(), has_schema=has_schema),
        "forms": {name: (bound or {}).get(name) or kind() for name, kind in FORMS.items()},
        "form": next(iter((bound or {}).values()), None),
    }
    return render(request, "leaving/departure.html", context, status=422 if bound else 200)


def _packages(found: Municipality) -> list[ShownPackage]:
    with in_schema(found.schema_name):
        return shown_packages()


def _latest(found: Municipality) -> Departure | None:
    held = Departure.objects.filter(schema_name=found.schema_name)
    return held.select_related("job", "requested_by", "approved_by").order_by("-requested_at", "-pk").first()


def _find(belfiore: str) -> Municipality:
    found: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    return found


def _record(action: Action, request: IdentifiedRequest, found: Municipality, package: ExportPackage) -> None:
    record(
        action=action,
        actor=request.user.pk,
        subject_kind="export_package",
        subject=package.public_id,
        now=clock.now(),
        details={"municipality": found.belfiore_code},
    )
