"""What a draft changes for the families: figures for the office, names for administrators, on record."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.enrolment.effect_words import child_rows, told
from sportello.enrolment.rehearsing import rehearse_edition
from sportello.kernel import clock

SHOWN = 50
"""Children without a price who are named; the sentence above says how many there are."""


@role_required(Role.CLERK, Role.ADMINISTRATOR)
@require_GET
def effect(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """Everybody enrolled, under the draft; only administrators read names."""
    held = get_object_or_404(Edition.objects.select_related("service"), pk=edition_id)
    if not (held.is_draft or held.is_proposed):
        return redirect("services_catalog:edition", held.pk)
    renewed = request.GET.get("isee") != "di-oggi"
    found = rehearse_edition(draft=held, renewed=renewed)
    context = {"edition": held, "told": told(held, found), "renewed": renewed}
    if Role.ADMINISTRATOR in request.user.roles_on(clock.today()):
        named = (*found.largest, *found.undecidable[:SHOWN])
        if named:
            record(
                action=Action.PERSON_LIST_READ,
                actor=request.user.pk,
                subject_kind="edition",
                subject=held.pk,
                now=clock.now(),
                details={"list": "effect", "children": sorted({one.child_id for one in named})},
            )
        context["largest"] = child_rows(found.largest)
        context["undecidable"] = child_rows(found.undecidable[:SHOWN])
    return render(request, "enrolment/effect.html", context)
