"""Why a service runs or not for a class on a day: the layers, in the order in which they are asked."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from services_catalog.closure_forms import WhyForm
from services_catalog.closure_resources import section_named
from services_catalog.day_explanation import explain_day
from services_catalog.queries import day_book
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.dates import DateRange


@role_required(Role.CLERK, Role.ADMINISTRATOR)
def why(request: IdentifiedRequest) -> HttpResponse:
    """A form for a day, a service and a class; below it, the answer."""
    form = WhyForm(request.GET) if request.GET else WhyForm(initial={"giorno": clock.today()})
    if not request.GET:
        return render(request, "services_catalog/why.html", {"form": form, "asked": False})
    if not form.is_valid():
        return render(request, "services_catalog/why.html", {"form": form, "asked": True}, status=422)
    values = form.cleaned_data
    day, school, written = values["giorno"], values["plesso"], values["classe"]
    section = section_named(school.school_code, written, day) if written else None
    if written and section is None:
        form.add_error("classe", _("Questa classe non esiste nella scuola scelta, in quell'anno scolastico."))
        return render(request, "services_catalog/why.html", {"form": form, "asked": True}, status=422)
    book = day_book(values["servizio"].code, DateRange.one_day(day))
    context: dict[str, Any] = {
        "form": form,
        "asked": True,
        "day": day,
        "school": school,
        "section": section,
        "why": explain_day(book, school=school, section=section, day=day),
    }
    return render(request, "services_catalog/why.html", context)
