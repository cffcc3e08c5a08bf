"""The office's home, and the file of a child."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.desk.child_file import child_file
from sportello.desk.office_home import office_day
from sportello.families.models import Child
from sportello.kernel import clock

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)


@role_required(*OFFICE)
def home(request: IdentifiedRequest) -> HttpResponse:
    """What waits today."""
    return render(request, "desk/office_home.html", {"day": office_day(clock.today())})


@role_required(*OFFICE)
def child(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The child's file; reading it leaves an audit record."""
    found = get_object_or_404(Child, public_id=public_id)
    record(action=Action.CHILD_READ, actor=request.user.pk, subject_kind="child", subject=public_id, now=clock.now())
    return render(request, "desk/office_child.html", {"file": child_file(found, clock.today())})
