"""The forms of the calendar: a new closure, and the filters of the list."""

from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.models import ClosureKind, Service
from sportello.kernel.dates import DateRange
from sportello.schools.models import School
from sportello.ui.fields import DateField
from sportello.ui.listing import FilterForm


class ClosureForm(forms.Form):
    """Days without service, and whom they concern."""

    use_required_attribute = False

    first_day = DateField(label=gettext_lazy("Primo giorno"))
    last_day = DateField(
        label=gettext_lazy("Ultimo giorno"), required=False, help_text=gettext_lazy("Lascia vuoto per un giorno solo.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=ClosureKind.choices)
    reason = forms.CharField(
        label=gettext_lazy("Motivo"), max_length=160, help_text=gettext_lazy("Lo leggono le famiglie.")
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Servizio"),
        queryset=Service.objects.order_by("name"),
        required=False,
        empty_label=gettext_lazy("Tutti i servizi"),
    )
    school = forms.ModelChoiceField(
        label=gettext_lazy("Scuola"),
        queryset=School.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("Tutte le scuole"),
    )

    def clean(self) -> dict[str, Any]:
        """The last day is the first unless said, and never before it."""
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("L'ultimo giorno viene prima del primo."))
        elif first:
            values["days"] = DateRange.inclusive(first, last or first)
        return values


class ClosureFilters(FilterForm):
    """Kind, and a word of the reason or of the school."""

    testo = forms.CharField(label=gettext_lazy("Motivo o scuola"), max_length=60)
    tipo = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=[("", gettext_lazy("Tutti")), *ClosureKind.choices])

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("testo"):
            text = self.cleaned_data["testo"]
            rows = rows.filter(
                Q(reason__icontains=text) | Q(school__name__icontains=text) | Q(school__school_code__istartswith=text)
            )
        return rows.filter(kind=self.cleaned_data["tipo"]) if self.is_set("tipo") else rows
