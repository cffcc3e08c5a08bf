"""Digital identity at a glance: every Comune in both schemes, the providers, the last good copies of their lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from integrations.spid_cie.models import (
    EntityState,
    Environment,
    IdentityProvider,
    IdentityScheme,
    RegistryCopy,
    SamlEntity,
)
from integrations.spid_cie.registry_sync import can_be_verified, switch_provider
from integrations.spid_cie.standing import NEAR, expiry_of, steps_count
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.desk.identity_forms import EntityFilters
from sportello.desk.identity_jobs import REGISTRY_SYNC
from sportello.desk.identity_page import STATE_TONES
from sportello.jobs.starting import start_job
from sportello.kernel import clock
from sportello.ui.export import Column, export_response
from sportello.ui.listing import list_page, render_list
from sportello.ui.templatetags.ui import it_date
from tenants.models import Municipality

SORTS: Final = {"nome": ("name",), "belfiore": ("belfiore_code",)}
NOT_REGISTERED: Final = gettext_lazy("non registrato")


@dataclass(frozen=True, slots=True)
class Cell:
    """How a Comune stands in one scheme."""

    scheme: IdentityScheme
    tone: str
    state: str | Promise
    mode: str
    until: datetime | None
    expires_soon: bool
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Row:
    """A Comune in both schemes."""

    municipality: Municipality
    cells: list[Cell]


@require_GET
@role_required(Role.CENTRAL)
def overview(request: IdentifiedRequest) -> HttpResponse:
    """The Comuni with both schemes, filters in the address, in a fixed number of queries; then the providers."""
    now = clock.now()
    rows = Municipality.objects.prefetch_related("saml_entities__keys")
    page = list_page(request, rows, filters=EntityFilters, sorts=SORTS, default_sort="nome", per_page=50)
    if page.export_format:
        return export_response(page, COLUMNS, filename="identita")
    copies = {copy.scheme: copy for copy in RegistryCopy.objects.defer("text")}
    providers = list(IdentityProvider.objects.all())
    context: dict[str, Any] = {
        "rows": [Row(each, [_cell(each, scheme, now) for scheme in IdentityScheme]) for each in page.rows],
        "providers": [(one, _last_sync(one, copies)) for one in providers],
        "registries": [(scheme, copies.get(scheme), can_be_verified(scheme)) for scheme in IdentityScheme],
    }
    return render_list(request, page, "central/identities.html", context)


@require_POST
@role_required(Role.CENTRAL)
def switch(request: IdentifiedRequest, pk: int) -> HttpResponse:
    """Lets people enter with a provider, or not."""
    provider = get_object_or_404(IdentityProvider.objects.all(), pk=pk)
    enabled = request.POST.get("action") == "on"
    switch_provider(provider=provider, enabled=enabled, actor=request.user.pk, now=clock.now())
    sentence = _("Ora si può entrare con %(name)s.") if enabled else _("Con %(name)s non si entra più.")
    messages.success(request, sentence % {"name": provider.name})
    return HttpResponseRedirect(reverse("central:identities"))


@require_POST
@role_required(Role.CENTRAL)
def sync(request: IdentifiedRequest, scheme: str) -> HttpResponse:
    """Starts the update of a list, and shows how it goes."""
    if scheme not in IdentityScheme.values:
        raise Http404
    job = start_job(kind=REGISTRY_SYNC, arguments={"scheme": scheme}, requested_by=request.user.pk, now=clock.now())
    return HttpResponseRedirect(reverse("jobs:job", args=[job.public_id]))


def _cell(municipality: Municipality, scheme: IdentityScheme, now: datetime) -> Cell:
    entity = _entity(municipality, scheme)
    if entity is None:
        return Cell(scheme, "neutral", NOT_REGISTERED, "", None, expires_soon=False, done=0, total=0)
    until = expiry_of(entity, now)
    done, total = steps_count(entity)
    tone = STATE_TONES[EntityState(entity.state)]
    near = until is not None and until - now <= NEAR
    return Cell(
        scheme,
        tone,
        entity.get_state_display(),
        entity.get_mode_display(),
        until,
        expires_soon=near,
        done=done,
        total=total,
    )


def _entity(municipality: Municipality, scheme: IdentityScheme) -> SamlEntity | None:
    return next((one for one in municipality.saml_entities.all() if one.scheme == scheme), None)


def _last_sync(provider: IdentityProvider, copies: dict[str, RegistryCopy]) -> datetime | None:
    copy = copies.get(provider.scheme)
    return copy.fetched_at if copy and provider.environment == Environment.PRODUCTION else None


def _exported(scheme: IdentityScheme, name: str) -> Any:
    def value(row: Municipality) -> str:
        cell = _cell(row, scheme, clock.now())
        words = {
            "state": str(cell.state),
            "mode": cell.mode,
            "until": it_date(cell.until),
            "steps": f"{cell.done}/{cell.total}",
        }
        return words[name]

    return value


COLUMNS: Final[tuple[Column[Municipality], ...]] = (
    Column(gettext_lazy("Comune"), lambda row: row.name),
    Column("Belfiore", lambda row: row.belfiore_code),
    *(
        Column(f"{scheme.label} {name}", _exported(scheme, key))
        for scheme in IdentityScheme
        for key, name in (("state", "stato"), ("mode", "modalità"), ("until", "scadenza"), ("steps", "passi"))
    ),
)
