"""The accountant's word on a difference."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ExplainForm(forms.Form):
    """Which difference, and why it is none."""

    kind = forms.ChoiceField(choices=[(one, one) for one in ("line", "receipt", "flow")], widget=forms.HiddenInput)
    what = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("Perché"), max_length=300)


class NoticeForm(forms.Form):
    """Which notice; it is written with or without its spaces."""

    number = forms.CharField(label=_("Numero avviso"), max_length=30)

    def clean_number(self) -> str:
        found = "".join(str(self.cleaned_data["number"]).split())
        if not (len(found) == 18 and found.isascii() and found.isdigit()):
            raise forms.ValidationError(_("Scrivi il numero avviso: 18 cifre."))
        return found
