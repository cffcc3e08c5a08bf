"""The accountant's word on a difference."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ExplainForm(forms.Form):
    """Which difference, and why it is none."""

    kind = forms.ChoiceField(choices=[(one, one) for one in ("line", "receipt", "flow")], widget=forms.HiddenInput)
    what = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("Perché"), max_length=300)
