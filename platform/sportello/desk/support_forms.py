"""The forms of support."""

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.accounts.supporting import MINUTES, SHORTEST_REASON
from sportello.desk.office_filters import named
from sportello.ui.listing import FilterForm


class PersonFilters(FilterForm):
    """Who is looked for. Nobody is shown before: support needs the person at the telephone, not the list."""

    cerca = forms.CharField(label=_("Cognome o nome"), max_length=60)

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        return rows.filter(named(self.cleaned_data["cerca"])) if self.is_set("cerca") else rows.none()


def durations() -> list[tuple[str, str]]:
    """The times to choose from, in the language of the page."""
    return [(str(minutes), gettext("%(minutes)d minuti") % {"minutes": minutes}) for minutes in MINUTES]


class VisitForm(forms.Form):
    """Why, and for how long."""

    reason = forms.CharField(
        label=_("Motivo"),
        help_text=_("Per esempio: al telefono chiede aiuto per caricare l'ISEE. La persona lo leggerà."),
        min_length=SHORTEST_REASON,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.TypedChoiceField(
        label=_("Per quanto tempo"),
        choices=durations,
        coerce=int,
        initial=str(MINUTES[0]),
        widget=forms.RadioSelect,
    )
