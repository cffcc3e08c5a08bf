"""What an administrator writes about the metropolitan template: reasons, and the first amount of a fee."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services_catalog.stating_fees import BANDS, SINGLE
from sportello.ui.fields import MoneyField


class ReasonForm(forms.Form):
    """Why the Comune differs from the template at a place."""

    use_required_attribute = False
    place = forms.CharField(max_length=160, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Perché è diverso"),
        max_length=300,
        widget=forms.TextInput,
        error_messages={"required": _("Scrivi il motivo.")},
    )


class DeclineForm(forms.Form):
    """Why the Comune stays with the version it has."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Motivo del rifiuto"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Scrivi il motivo.")},
    )


class StatedFeeForm(forms.Form):
    """How the fee of the act begins."""

    use_required_attribute = False
    shape = forms.ChoiceField(
        label=_("Com'è fatta la tariffa"),
        choices=[(SINGLE, _("Un prezzo unico per tutti")), (BANDS, _("Fasce di ISEE"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli com'è fatta la tariffa.")},
    )
    amount = MoneyField(
        label=_("Importo"),
        help_text=_("Quello stabilito dall'atto; con le fasce, quello della prima: le altre si aggiungono dopo."),
    )
