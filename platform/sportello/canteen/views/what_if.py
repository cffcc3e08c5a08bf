"""The what-if of a draft table: ask for it, read its figures, take the annex."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from services_catalog.models import Archetype, Edition
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.canteen.what_if_job import ask_what_if, last_outcome
from sportello.canteen.what_if_paper import annex
from sportello.canteen.what_if_words import Row, bars, bracket_rows, school_rows
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear


class YearForm(forms.Form):
    """On the meals of which year."""

    year = forms.TypedChoiceField(label=gettext_lazy("Sui pasti dell'anno"), coerce=int)

    def __init__(self, current: SchoolYear, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = (current, current.previous, current.previous.previous)
        self.fields["year"].choices = [(one.start_year, str(one)) for one in years]  # type: ignore[attr-defined]


@role_required(Role.ADMINISTRATOR, Role.CLERK)
@require_http_methods(["GET", "POST"])
def what_if(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """The last figures of this table, and the form to ask for others."""
    draft = _edition(edition_id)
    form = YearForm(SchoolYear.of(clock.today()), request.POST or None)
    if request.method == "POST" and form.is_valid():
        year = SchoolYear(form.cleaned_data["year"])
        job = ask_what_if(draft=draft, on_year=year, actor=request.user.pk, now=clock.now())
        messages.success(request, _("Prova avviata: i risultati compaiono quando è finita."))
        return redirect("jobs:job", public_id=job.public_id)
    context = {"edition": draft, "form": form, **_figures(draft)}
    return render(request, "canteen/what_if.html", context, status=422 if form.errors else 200)


@role_required(Role.ADMINISTRATOR, Role.CLERK)
@require_GET
def what_if_pdf(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """The annex for the council."""
    draft = _edition(edition_id)
    held = last_outcome(draft)
    if held is None:
        raise Http404
    job, outcome = held
    content = annex(draft, outcome, SchoolYear(job.arguments["year"]), now=clock.now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="prova-tariffe.pdf"'
    return answer


def _figures(draft: Edition) -> dict[str, Any]:
    held = last_outcome(draft)
    if held is None:
        return {}
    job, outcome = held
    return {
        "job": job,
        "year": SchoolYear(job.arguments["year"]),
        "whole": Row("", outcome.whole),
        "median": Money(outcome.median_change_cents),
        "brackets": bracket_rows(outcome),
        "schools": school_rows(outcome),
        "bars": bars(outcome.distribution),
    }


def _edition(edition_id: int) -> Edition:
    """Any edition of a canteen: rehearsing the one in force on its own meals gives what was charged."""
    editions = Edition.objects.select_related("service").filter(service__archetype=Archetype.MEALS)
    found: Edition = get_object_or_404(editions, pk=edition_id)
    return found
