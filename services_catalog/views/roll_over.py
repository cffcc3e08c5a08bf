"""The passage of all services to the next school year: what it would draft, then the drafts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from services_catalog.rolling_over import Passage, plan_roll_over, roll_over
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.school_year import SchoolYear


class FromYearForm(forms.Form):
    """The school year to start from: this one, or the one before where the new year has already begun."""

    anno = forms.TypedChoiceField(label=gettext_lazy("Dall'anno scolastico"), coerce=int)

    def __init__(self, data: QueryDict | None, current: SchoolYear) -> None:
        super().__init__(data, initial={"anno": current.start_year})
        years = (current, current.previous)
        self.fields["anno"].choices = [(one.start_year, f"{one} → {one.next}") for one in years]  # type: ignore[attr-defined]  # typed as a plain Field
        self.current = current

    @property
    def year(self) -> SchoolYear:
        """The year chosen; this one when nothing good was."""
        return SchoolYear(self.cleaned_data["anno"]) if self.is_bound and self.is_valid() else self.current


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMINISTRATOR)
def passage(request: IdentifiedRequest) -> HttpResponse:
    """What would be drafted and what is left alone; posting drafts it, as often as one likes with the same end."""
    form = FromYearForm(request.POST if request.method == "POST" else request.GET or None, SchoolYear.of(clock.today()))
    if request.method == "GET" or not form.is_valid():
        return _page(request, form)
    done = roll_over(year=form.year, actor=request.user, now=clock.now())
    made = sum(1 for one in done if one.skipped is None)
    if made:
        text = ngettext(
            "%(count)d bozza preparata per il %(year)s.", "%(count)d bozze preparate per il %(year)s.", made
        )
        messages.success(request, text % {"count": made, "year": form.year.next})
    else:
        messages.info(
            request, _("Non c'era nulla da preparare: le edizioni del %(year)s ci sono già.") % {"year": form.year.next}
        )
    return redirect(f"{request.path}?anno={form.year.start_year}")


def _page(request: HttpRequest, form: FromYearForm) -> HttpResponse:
    year = form.year
    passages = plan_roll_over(year=year)
    drafted: list[Passage] = [one for one in passages if one.skipped is None]
    context: dict[str, Any] = {
        "form": form,
        "year": year,
        "next_year": year.next,
        "drafted": drafted,
        "left": [one for one in passages if one.skipped is not None],
    }
    return render(request, "services_catalog/roll_over.html", context, status=422 if form.errors else 200)
