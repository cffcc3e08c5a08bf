"""The assessment of any Comune, for the central team: also of one that has no schema yet."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onboarding.assessment.desk import central_desk
from onboarding.assessment.views import pages
from onboarding.assessment.views import plan as plans
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required


@require_GET
@role_required(Role.CENTRAL)
def overview(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """How far the assessment is."""
    return pages.overview(request, central_desk(belfiore))


@require_POST
@role_required(Role.CENTRAL)
def begin(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Opens a round."""
    return pages.begin(request, central_desk(belfiore))


@require_POST
@role_required(Role.CENTRAL)
def close(request: IdentifiedRequest, belfiore: str, number: int) -> HttpResponse:
    """Closes the round."""
    return pages.close(request, central_desk(belfiore), number)


@require_http_methods(["GET", "POST"])
@role_required(Role.CENTRAL)
def area(request: IdentifiedRequest, belfiore: str, number: int, key: str) -> HttpResponse:
    """The questions of an area."""
    return pages.area(request, central_desk(belfiore), number, key)


@require_GET
@role_required(Role.CENTRAL)
def outcome(request: IdentifiedRequest, belfiore: str, number: int) -> HttpResponse:
    """What the answers come to."""
    return pages.outcome(request, central_desk(belfiore), number)


@require_GET
@role_required(Role.CENTRAL)
def paper(request: IdentifiedRequest, belfiore: str, number: int) -> HttpResponse:
    """The PDF for the act."""
    return pages.paper(request, central_desk(belfiore), number)


@require_GET
@role_required(Role.CENTRAL)
def plan(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """The tasks."""
    return plans.plan(request, central_desk(belfiore))


@require_http_methods(["GET", "POST"])
@role_required(Role.CENTRAL)
def task(request: IdentifiedRequest, belfiore: str, public_id: UUID) -> HttpResponse:
    """One task."""
    return plans.task(request, central_desk(belfiore), public_id)
