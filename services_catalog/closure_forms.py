"""The forms of the calendar: a new closure, and the filters of the list."""

from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.closure_resources import section_named
from services_catalog.models import ClosureKind, Service
from services_catalog.service_choice import ServiceChoice
from sportello.kernel.dates import DateRange
from sportello.schools.models import School
from sportello.ui.fields import DateField
from sportello.ui.listing import FilterForm

SCOPES = {
    "comune": (gettext_lazy("tutto il Comune"), Q(school=None, section=None)),
    "scuola": (gettext_lazy("una scuola"), Q(school__isnull=False, section=None)),
    "classe": (gettext_lazy("una classe"), Q(section__isnull=False)),
}


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
    service = ServiceChoice(
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
    section = forms.CharField(
        label=gettext_lazy("Classe"),
        max_length=5,
        required=False,
        help_text=gettext_lazy("Per esempio 2B. Lascia vuoto per tutta la scuola."),
    )

    def clean(self) -> dict[str, Any]:
        """The last day is the first unless said, and never before it."""
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("L'ultimo giorno viene prima del primo."))
        elif first:
            values["days"] = DateRange.inclusive(first, last or first)
            self._find_section(values)
        return values

    def _find_section(self, values: dict[str, Any]) -> None:
        written, school = values.pop("section", ""), values.get("school")
        values["section"] = None
        if not written:
            return
        if school is None:
            self.add_error("school", _("Scegli la scuola della classe."))
            return
        values["section"] = section_named(school.school_code, written, values["first_day"])
        if values["section"] is None:
            self.add_error("section", _("Questa classe non esiste nella scuola scelta, in quell'anno scolastico."))


class ClosureFilters(FilterForm):
    """Kind, whom it concerns, and a word of the reason or of the school."""

    testo = forms.CharField(label=gettext_lazy("Motivo o scuola"), max_length=60)
    tipo = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=[("", gettext_lazy("Tutti")), *ClosureKind.choices])
    per = forms.ChoiceField(
        label=gettext_lazy("Per chi"),
        choices=[("", gettext_lazy("Tutti")), *((code, label) for code, (label, _condition) in SCOPES.items())],
    )
    servizio = forms.CharField(label=gettext_lazy("Codice del servizio"), max_length=20)

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("testo"):
            text = self.cleaned_data["testo"]
            rows = rows.filter(
                Q(reason__icontains=text) | Q(school__name__icontains=text) | Q(school__school_code__istartswith=text)
            )
        if self.is_set("per"):
            rows = rows.filter(SCOPES[self.cleaned_data["per"]][1])
        if self.is_set("servizio"):
            rows = rows.filter(service__code=self.cleaned_data["servizio"])
        return rows.filter(kind=self.cleaned_data["tipo"]) if self.is_set("tipo") else rows


class OpeningForm(forms.Form):
    """An adaptation: a school, its days of lessons, and why."""

    use_required_attribute = False

    school = forms.ModelChoiceField(
        label=gettext_lazy("Scuola"),
        queryset=School.objects.filter(is_active=True),
        empty_label=gettext_lazy("Scegli una scuola"),
    )
    first_day = DateField(label=gettext_lazy("Primo giorno"))
    last_day = DateField(
        label=gettext_lazy("Ultimo giorno"), required=False, help_text=gettext_lazy("Lascia vuoto per un giorno solo.")
    )
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=160,
        help_text=gettext_lazy("Per esempio la delibera del consiglio d'istituto."),
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


class WhyForm(forms.Form):
    """A day, a service, and a class of a school."""

    use_required_attribute = False

    giorno = DateField(label=gettext_lazy("Giorno"))
    servizio = ServiceChoice(
        label=gettext_lazy("Servizio"),
        queryset=Service.objects.order_by("name"),
        to_field_name="code",
        empty_label=None,
    )
    plesso = forms.ModelChoiceField(
        label=gettext_lazy("Scuola"), queryset=School.objects.filter(is_active=True), to_field_name="school_code"
    )
    classe = forms.CharField(label=gettext_lazy("Classe"), max_length=5, required=False)
