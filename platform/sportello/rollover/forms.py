"""The filters of the work list."""

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sportello.kernel import clock
from sportello.kernel.school_year import SchoolYear
from sportello.rollover.models import WorkKind
from sportello.schools.models import School
from sportello.ui.listing import FilterForm


def offered_years() -> tuple[SchoolYear, SchoolYear]:
    """The school year to prepare, and the one already begun, whose list may still hold work."""
    current = SchoolYear.of(clock.today())
    return current.next, current


def _choices() -> list[tuple[str, str]]:
    return [(str(year.start_year), str(year)) for year in offered_years()]


class WorkFilters(FilterForm):
    """Year, kind, school, name; without a year the one to prepare."""

    anno = forms.ChoiceField(label=_("Anno da preparare"), choices=_choices)
    tipo = forms.ChoiceField(label=_("Tipo"), choices=[("", _("Tutti")), *WorkKind.choices])
    scuola = forms.ModelChoiceField(
        label=_("Scuola"),
        queryset=School.objects.order_by("name", "school_code"),
        to_field_name="school_code",
        empty_label=_("Tutte"),
    )
    cerca = forms.CharField(label=_("Cognome o nome"), max_length=60)

    @property
    def year(self) -> SchoolYear:
        """The year of the list."""
        return SchoolYear(int(self.cleaned_data["anno"])) if self.is_set("anno") else offered_years()[0]

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        rows = rows.filter(school_year=self.year.start_year)
        if self.is_set("tipo"):
            rows = rows.filter(kind=self.cleaned_data["tipo"])
        if self.is_set("scuola"):
            rows = rows.filter(school=self.cleaned_data["scuola"])
        for word in self.cleaned_data["cerca"].split() if self.is_set("cerca") else ():
            rows = rows.filter(Q(child__family_name__icontains=word) | Q(child__given_name__icontains=word))
        return rows
