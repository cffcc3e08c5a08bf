"""The shadow month of a Comune for the central team: figures and reasons, no family."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from onboarding.shadow.standing import latest_run
from onboarding.shadow.views.summary import summary_of
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists
from tenants.stages import SchemaMissing


@never_cache
@require_GET
@role_required(Role.CENTRAL)
def overview(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """The last comparison that came to its end."""
    found: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    context: dict[str, object] = {"subject": found, "summary": None, "sentence": ""}
    if not schema_exists(found.schema_name):
        context["sentence"] = str(SchemaMissing())
        return render(request, "shadow/central.html", context)
    with in_schema(found.schema_name):
        latest = latest_run()
        context["summary"] = summary_of(latest) if latest is not None else None
        return render(request, "shadow/central.html", context)
