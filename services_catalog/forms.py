"""The forms around an edition: from when a correction holds, and the act that puts it in force."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.ui.fields import DateField


class RevisionForm(forms.Form):
    """From when a correction holds."""

    use_required_attribute = False
    valid_from = DateField(label=_("Da che giorno vale la nuova revisione"))


class InForceForm(forms.Form):
    """The act that puts an edition in force, and that its findings were seen."""

    use_required_attribute = False
    valid_from = DateField(label=_("In vigore dal"))
    act_number = forms.CharField(label=_("Numero dell'atto"), max_length=40)
    act_date = DateField(label=_("Data dell'atto"))
    act_url = forms.URLField(label=_("Indirizzo dell'atto"), required=False, assume_scheme="https")
    approved_by = forms.CharField(
        label=_("Chi lo ha approvato"), max_length=120, help_text=_("Per esempio: Giunta comunale")
    )
    seen = forms.BooleanField(label=_("Ho letto gli avvisi e le ipotesi da confermare"))

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:  # Any: Django's own arguments pass through
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["seen"]
