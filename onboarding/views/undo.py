"""Undoing a committed load: first what would happen and what stands in the way, then the job."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from onboarding.permissions import handles_loads
from onboarding.undo.obstacles import obstacles_to_undo
from onboarding.undo.witnesses import told_obstacles
from onboarding.uploading import request_undo
from onboarding.views.held import held_load
from sportello.accounts.permissions import IdentifiedRequest
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@handles_loads
def undo(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """What stands in the way, with who did it; posted, the undo starts."""
    held = held_load(public_id)
    if not held.may_be_undone:
        return redirect("onboarding:load", public_id)
    if request.method == "POST":
        try:
            job = request_undo(load=held, actor=request.user, now=clock.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("onboarding:load", public_id)
        return redirect("jobs:job", job.public_id)
    count, found = obstacles_to_undo(held)
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="roster_load",
        subject=held.public_id,
        now=clock.now(),
        details={"what": "undo", "rows": len(found)},
    )
    context = {"load": held, "count": count, "obstacles": told_obstacles(held, found), "more": count - len(found)}
    return render(request, "onboarding/undo.html", context)
