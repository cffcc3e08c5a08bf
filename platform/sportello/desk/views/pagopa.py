"""The Comuni at pagoPA: their codes, and what differs from PagoPA's own record (P4)."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from integrations.errors import words_of
from integrations.pagopa.codes import CodesInvalid, keep_codes
from integrations.pagopa.drift import What
from integrations.pagopa.models import CreditorInstitution, Drift, DriftCheck, InstitutionState
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.reconciliation.case_form import CasesForm
from sportello.billing.reconciliation.evidence import take_cases
from sportello.desk.pagopa_forms import InstitutionFilters, InstitutionForm, initial_codes
from sportello.desk.pagopa_jobs import DRIFT_CHECK
from sportello.jobs.starting import start_job
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.export import Column, export_response
from sportello.ui.listing import list_page, render_list
from tenants.current import in_schema
from tenants.models import Municipality

SORTS: Final = {"nome": ("name",), "belfiore": ("belfiore_code",)}
TONES: Final = {
    InstitutionState.DRAFT: "neutral",
    InstitutionState.TESTING: "info",
    InstitutionState.PRODUCTION: "success",
}
WORDS: Final[dict[What, str | Promise]] = {
    What.MISSING: gettext_lazy("PagoPA non ha il Comune con questo intermediario"),
    What.UNKNOWN: gettext_lazy("PagoPA ha un ente che qui non è registrato"),
    What.STATION: gettext_lazy("Stazione"),
    What.SEGREGATION: gettext_lazy("Codice di segregazione"),
    What.AUX_DIGIT: gettext_lazy("Prima cifra degli avvisi (aux digit)"),
    What.CBILL: gettext_lazy("Codice CBILL"),
    What.DISABLED: gettext_lazy("L'ente è disattivato su PagoPA"),
    What.STATION_STATE: gettext_lazy("Stato della stazione"),
    What.PRIMITIVE: gettext_lazy("Versione delle primitive"),
    What.IBAN: gettext_lazy("IBAN della tesoreria"),
    What.POSTAL_IBAN: gettext_lazy("IBAN del conto postale"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A Comune with its codes, and how many differences stand."""

    municipality: Municipality
    institution: CreditorInstitution | None
    tone: str
    differences: int


@dataclass(frozen=True, slots=True)
class Told:
    """A difference in words. `belfiore` is empty for a creditor that is none of ours."""

    drift: Drift
    words: str | Promise
    belfiore: str


@require_GET
@role_required(Role.CENTRAL)
def overview(request: IdentifiedRequest) -> HttpResponse:
    """The Comuni, filters in the address, in a fixed number of queries; above them what differs."""
    rows = Municipality.objects.select_related("creditor_institution")
    page = list_page(request, rows, filters=InstitutionFilters, sorts=SORTS, default_sort="nome", per_page=50)
    if page.export_format:
        return export_response(page, COLUMNS, filename="pagopa")
    drifts = list(Drift.objects.all())
    codes = dict(CreditorInstitution.objects.values_list("fiscal_code", "municipality__belfiore_code"))
    context: dict[str, Any] = {
        "rows": [_row(each, drifts) for each in page.rows],
        "drifts": [Told(one, WORDS[What(one.what)], codes.get(one.fiscal_code, "")) for one in drifts],
        "checks": [(check, words_of(check.error_code)) for check in _last_checks()],
    }
    return render_list(request, page, "central/pagopa.html", context)


@require_POST
@role_required(Role.CENTRAL)
def check(request: IdentifiedRequest) -> HttpResponse:
    """Starts the comparison, and shows how it goes."""
    job = start_job(kind=DRIFT_CHECK, arguments={}, requested_by=request.user.pk, now=clock.now())
    return HttpResponseRedirect(reverse("jobs:job", args=[job.public_id]))


@require_http_methods(["GET", "POST"])
@role_required(Role.CENTRAL)
def codes(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """The codes of one Comune; posted, they are registered or changed."""
    municipality: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    held = CreditorInstitution.objects.filter(municipality=municipality).first()
    if request.method != "POST":
        return _shown(request, municipality, held, _form(municipality, held))
    form = _form(municipality, held, request.POST)
    if form.is_valid():
        try:
            changed = keep_codes(
                municipality=municipality,
                facts=form.facts(),
                confirmed=bool(form.cleaned_data.get("confirmed")),
                actor=request.user.pk,
                now=clock.now(),
            )
        except CodesInvalid as error:
            form.add_error(error.field, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Codici salvati.") if changed else _("Nessun dato è cambiato."))
            return HttpResponseRedirect(reverse("central:pagopa_codes", args=[municipality.belfiore_code]))
    return _shown(request, municipality, held, form)


@require_POST
@role_required(Role.CENTRAL)
def cases(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """The pack of PagoPA's acceptance tests of a Comune, on record on both sides.

    Only until it is in production: then the messages are of real families, and the Comune's own office takes them.
    """
    municipality: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    held = get_object_or_404(CreditorInstitution, municipality=municipality)
    asked = CasesForm(request.POST)
    if held.state == InstitutionState.PRODUCTION:
        asked.add_error(
            None, _("Il Comune è in esercizio: il fascicolo lo scarica il suo ufficio, in Riconciliazione.")
        )
    if not asked.is_valid():
        return _shown(request, municipality, held, _form(municipality, held), asked)
    now, name = clock.now(), f"prove-pagopa-{municipality.belfiore_code}.zip"
    with in_schema(municipality.schema_name):
        content = take_cases(notices=asked.notices(), actor=None, now=now)
    record(
        action=Action.EVIDENCE_TAKEN,
        actor=request.user.pk,
        subject_kind="municipality",
        subject=municipality.belfiore_code,
        now=now,
        details={},
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def _form(municipality: Municipality, held: CreditorInstitution | None, data: Any = None) -> InstitutionForm:
    initial = initial_codes(held) if held else {"company_name": f"Comune di {municipality.name}"}
    asks = held is not None and held.state == InstitutionState.PRODUCTION
    return InstitutionForm(data, asks=asks, initial=initial)


def _shown(
    request: HttpRequest,
    municipality: Municipality,
    held: CreditorInstitution | None,
    form: InstitutionForm,
    asked: CasesForm | None = None,
) -> HttpResponse:
    drifts = Drift.objects.filter(fiscal_code=held.fiscal_code) if held else Drift.objects.none()
    context = {
        "subject": municipality,
        "institution": held,
        "tone": TONES[InstitutionState(held.state)] if held else "neutral",
        "form": form,
        "has_errors": bool(form.errors),
        "cases": asked or CasesForm(),
        "tests_here": held is not None and held.state != InstitutionState.PRODUCTION,
        "drifts": [Told(one, WORDS[What(one.what)], municipality.belfiore_code) for one in drifts],
    }
    wrong = bool(form.errors) or (asked is not None and bool(asked.errors))
    return render(request, "central/pagopa_codes.html", context, status=422 if wrong else 200)


def _row(municipality: Municipality, drifts: list[Drift]) -> Row:
    held = _held(municipality)
    if held is None:
        return Row(municipality, None, "neutral", 0)
    count = sum(one.fiscal_code == held.fiscal_code for one in drifts)
    return Row(municipality, held, TONES[InstitutionState(held.state)], count)


def _held(municipality: Municipality) -> CreditorInstitution | None:
    found: CreditorInstitution | None = getattr(municipality, "creditor_institution", None)
    return found


def _last_checks() -> list[DriftCheck]:
    """The newest check of each broker."""
    return list(DriftCheck.objects.order_by("broker_code", "-checked_at", "-id").distinct("broker_code"))


def _exported(name: str) -> Any:
    def value(row: Municipality) -> str:
        held = _held(row)
        return "" if held is None else str(getattr(held, name))

    return value


COLUMNS: Final[tuple[Column[Municipality], ...]] = (
    Column(gettext_lazy("Comune"), lambda row: row.name),
    Column("Belfiore", lambda row: row.belfiore_code),
    *(
        Column(label, _exported(name))
        for label, name in (
            (gettext_lazy("Codice fiscale"), "fiscal_code"),
            (gettext_lazy("Stato"), "state"),
            (gettext_lazy("Come raggiunge pagoPA"), "adapter"),
            (gettext_lazy("Intermediario"), "broker_code"),
            (gettext_lazy("Stazione"), "station_code"),
            (gettext_lazy("Segregazione"), "segregation_code"),
            (gettext_lazy("CBILL"), "cbill_code"),
            (gettext_lazy("IBAN"), "iban"),
            (gettext_lazy("IBAN postale"), "postal_iban"),
        )
    ),
)
