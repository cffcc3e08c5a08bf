"""The form with which the office recognises a condition of a child."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from sportello.ui.fields import DateField


class ConditionForm(forms.Form):
    """Which condition, since when, on which ground. It holds to the end of the school year."""

    condition = forms.ChoiceField(label=_("Condizione"))
    starts_on = DateField(label=_("Vale dal"))
    reason = forms.CharField(
        label=_("Su quale base"), help_text=_("Per esempio: relazione dei servizi sociali, prot. 123"), max_length=200
    )

    def __init__(self, edition: Edition, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "it"
        choices = [(one.code, one.label.within(language)) for one in edition.rules.conditions]
        self.fields["condition"] = forms.ChoiceField(label=_("Condizione"), choices=choices)
        self.fields["starts_on"].initial = today

    def period(self) -> DateRange:
        """From the day stated to the end of its school year."""
        first: date = self.cleaned_data["starts_on"]
        return DateRange(first, SchoolYear.of(first).period.end)
