"""The assessment of the Comune whose host this is, for its administrators. No address names a Comune."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from onboarding.assessment.desk import own_desk
from onboarding.assessment.views import pages
from onboarding.assessment.views import plan as plans
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required


@require_GET
@role_required(Role.ADMINISTRATOR)
def overview(request: IdentifiedRequest) -> HttpResponse:
    """How far the assessment is."""
    return pages.overview(request, own_desk())


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMINISTRATOR)
def area(request: IdentifiedRequest, number: int, key: str) -> HttpResponse:
    """The questions of an area."""
    return pages.area(request, own_desk(), number, key)


@require_GET
@role_required(Role.ADMINISTRATOR)
def outcome(request: IdentifiedRequest, number: int) -> HttpResponse:
    """What the answers come to."""
    return pages.outcome(request, own_desk(), number)


@require_GET
@role_required(Role.ADMINISTRATOR)
def paper(request: IdentifiedRequest, number: int) -> HttpResponse:
    """The PDF for the act."""
    return pages.paper(request, own_desk(), number)


@require_GET
@role_required(Role.ADMINISTRATOR)
def plan(request: IdentifiedRequest) -> HttpResponse:
    """The tasks."""
    return plans.plan(request, own_desk())


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMINISTRATOR)
def task(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """One task."""
    return plans.task(request, own_desk(), public_id)
