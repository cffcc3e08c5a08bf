"""Adaptations of single schools, and what is known of the calendar of the Region."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from services_catalog.closing import open_school, withdraw_opening
from services_catalog.closure_forms import OpeningForm
from services_catalog.day_explanation import patron_to_confirm
from services_catalog.models import SchoolOpening
from services_catalog.patron_days import patron_days
from services_catalog.regional_calendar import regional_calendar
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear
from tenants.current import current_municipality

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)


@role_required(*OFFICE)
def opening_list(request: IdentifiedRequest) -> HttpResponse:
    """The years of the Region, the patron days, the adaptations; a form for a new one."""
    form = OpeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            open_school(
                school=values["school"],
                days=values["days"],
                reason=values["reason"],
                actor=request.user,
                now=clock.now(),
            )
        except DomainError as error:
            form.add_error("first_day", str(error))
        else:
            messages.success(request, _("Adattamento registrato."))
            return redirect("services_catalog:openings")
    year = SchoolYear.of(clock.today())
    rule = current_municipality().patron_rule
    both = patron_days(rule, year.start_year) | patron_days(rule, year.start_year + 1)
    openings = SchoolOpening.objects.select_related("school").order_by("-days", "pk")
    context = {
        "form": form,
        "openings": [(one, DateRange.from_bounds(one.days)) for one in openings],
        "region": regional_calendar(),
        "patron_days": sorted(day for day in both if day in year),
        "patron_to_confirm": patron_to_confirm(),
        "school_year": year,
    }
    return render(request, "services_catalog/openings.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(*OFFICE)
def opening_delete(request: IdentifiedRequest, opening_id: int) -> HttpResponse:
    """Takes an adaptation back."""
    opening = get_object_or_404(SchoolOpening.objects.select_related("school"), pk=opening_id)
    withdraw_opening(opening=opening, actor=request.user, now=clock.now())
    messages.success(request, _("Adattamento tolto."))
    return redirect("services_catalog:openings")
