"""The forms of the shadow month: what to compare, the filters of the families, a note."""

from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from onboarding.models import RosterLoad
from onboarding.shadow.asking import JUDGED, SERVICES
from onboarding.shadow.rules import Reason
from onboarding.shadow.words import LABELS
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.kernel.month import Month
from sportello.kernel.school_year import SchoolYear
from sportello.ui.fields import DateField, MoneyField
from sportello.ui.listing import FilterForm

MOST_LOADS: Final = 50


def comparable_loads() -> QuerySet[RosterLoad]:
    """Loads that say what a month came to, the latest first."""
    held = RosterLoad.objects.filter(state__in=JUDGED, mapping__kind__in=SERVICES)
    return held.select_related("mapping").order_by("-uploaded_at", "-pk")


class CompareForm(forms.Form):
    """A load, a month, the day of the export, the tolerance."""

    use_required_attribute = False

    load = forms.ChoiceField(label=_("Esportazione del vecchio programma"))
    month = forms.ChoiceField(label=_("Mese"))
    exported_on = DateField(
        label=_("Giorno dell'esportazione"),
        required=False,
        help_text=_("Ciò che qui è successo dopo non è una differenza. Vuoto: il giorno in cui il file è arrivato."),
    )
    tolerance = MoneyField(
        label=_("Tolleranza"),
        required=False,
        help_text=_("Differenze in euro fino a questo importo non contano, per esempio 0,01. Vuoto: nessuna."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        self._loads = {str(one.public_id): one for one in comparable_loads()[:MOST_LOADS]}
        self.fields["load"].choices = [(key, _named(one)) for key, one in self._loads.items()]  # type: ignore[attr-defined] # a choice
        months = _months(today)
        self.fields["month"].choices = [(str(one), one.name) for one in months]  # type: ignore[attr-defined] # a choice
        self.fields["month"].initial = str(months[0])

    def clean_load(self) -> RosterLoad:
        """The load that was chosen."""
        return self._loads[self.cleaned_data["load"]]

    def clean_tolerance(self) -> Money:
        """Nothing is no tolerance; less than nothing is a slip."""
        value: Money = self.cleaned_data.get("tolerance") or Money(0)
        if value.cents < 0 or value.cents > 100_00:
            raise forms.ValidationError(_("Scrivi un importo da 0 a 100 euro."))
        return value


def _named(load: RosterLoad) -> str:
    """The name of its file, what it speaks of and its day."""
    day = load.uploaded_at.astimezone(ROME)
    speaks_of = "" if load.mapping is None else f"{load.mapping.get_kind_display()}, "
    return f"{load.file_name} ({speaks_of}{day:%d/%m/%Y})"


def _months(today: date) -> list[Month]:
    """The last month that is over first, back to the September of the year before, and the one that runs."""
    last = Month.of(today)
    months = [last.previous]
    first = Month.of(SchoolYear.of(today).previous.period.start)
    while months[-1] > first:
        months.append(months[-1].previous)
    return [*months, last]


class FamilyFilters(FilterForm):
    """A family by name, or those with a reason."""

    cerca = forms.CharField(label=_("Nome di chi paga"), max_length=60)
    motivo = forms.ChoiceField(
        label=_("Motivo"), choices=[("", _("Tutti")), *((one.value, LABELS[one]) for one in Reason)]
    )

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("cerca"):
            rows = rows.filter(name__icontains=self.cleaned_data["cerca"].strip())
        if self.is_set("motivo"):
            rows = rows.filter(reasons__contains=[self.cleaned_data["motivo"]])
        return rows


class NoteForm(forms.Form):
    """Which difference, and why."""

    key = forms.CharField(max_length=32, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Spiegazione"), min_length=5, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
