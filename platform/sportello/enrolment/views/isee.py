"""A parent tells of a new ISEE, from her area or from the reminder that the old one lapses."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from sportello.accounts.permissions import IdentifiedRequest, identified, in_person
from sportello.enrolment.declaring_isee import Counting, declare_new_isee
from sportello.enrolment.isee_form import NewIseeForm
from sportello.families.queries import children_of
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.kernel.isee import Isee
from sportello.means.queries import isee_on
from sportello.ui.templatetags.ui import it_date


@sensitive_post_parameters()
@identified
@in_person
def declare_isee(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The form, and what came of it: from when the ISEE counts for each service."""
    today = clock.today()
    own = children_of(request.user, today)
    child = get_object_or_404(own, public_id=public_id)
    others = list(own.filter(household=child.household_id).exclude(pk=child.pk).order_by("birth_date", "pk"))
    others = others if child.household_id is not None else []
    form = NewIseeForm(others, today, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        stated = form.cleaned_data
        counting = declare_new_isee(
            children=[child, *others] if stated.get("for_all") else [child],
            isee=Isee(stated["amount"].cents),
            dsu_protocol=stated["dsu_protocol"],
            filed_on=stated["filed_on"],
            today=today,
            now=clock.now(),
        )
        messages.success(request, " ".join([_("Il nuovo ISEE è registrato."), *map(_sentence, counting)]))
        return redirect("desk:child", public_id=public_id)
    held = isee_on(child, today)
    last_day = None if held is None else DateRange.from_bounds(held.valid_during).last_day
    context = {"child": child, "form": form, "last_day": last_day}
    return render(request, "enrolment/declare_isee.html", context, status=422 if form.errors else 200)


def _sentence(counting: Counting) -> str:
    if counting.starts is None:
        return _("%(service)s: presentato quel giorno non conta.") % {"service": counting.service.name}
    return _("%(service)s: conta dal %(day)s.") % {"service": counting.service.name, "day": it_date(counting.starts)}
