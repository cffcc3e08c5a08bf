"""The personal area: what to do, the children, the latest applications."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from sportello.accounts.permissions import IdentifiedRequest, identified
from sportello.applications.models import ApplicationState
from sportello.applications.queries import visible_to
from sportello.desk.family import child_view, family_of, todo_of
from sportello.families.models import Act
from sportello.families.queries import children_for
from sportello.kernel import clock
from sportello.notifications.models import Notice

LATEST = 3


@identified
def area(request: IdentifiedRequest) -> HttpResponse:
    """ "Da fare" first, then one card per child, hers before those delegated, then applications and notices."""
    today = clock.today()
    family = family_of(request.user, today)
    applications = visible_to(request.user, today).exclude(state=ApplicationState.DRAFT)
    context: dict[str, Any] = {
        "todo": todo_of(request.user, today),
        "children": [view for view in family if view.reach.is_guardian],
        "delegated": [view for view in family if not view.reach.is_guardian],
        "applications": applications.order_by("-changed_at", "-id")[:LATEST],
        "notices": Notice.objects.filter(account=request.user)[:LATEST],
    }
    return render(request, "desk/area.html", context)


@identified
def child(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """One child: class, services, money, applications; for a delegate what her delegation allows."""
    today = clock.today()
    found = get_object_or_404(children_for(request.user, Act.SEE, today), public_id=public_id)
    applications = visible_to(request.user, today).filter(child=found).exclude(state=ApplicationState.DRAFT)
    context = {
        "child": found,
        "view": child_view(request.user, found, today),
        "applications": applications.order_by("-changed_at", "-id"),
    }
    return render(request, "desk/child.html", context)
