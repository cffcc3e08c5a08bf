"""The form by which a decision is told."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from onboarding.models import DecisionAction
from onboarding.review.rules import Asked


class DecisionForm(forms.Form):
    """What is decided, and about what."""

    use_required_attribute = False

    action = forms.ChoiceField(label=_("Decisione"), choices=DecisionAction.choices)
    value = forms.CharField(label=_("Valore giusto"), max_length=200, required=False)
    defect = forms.CharField(widget=forms.HiddenInput, max_length=60)
    field = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    written = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)

    def asked(self) -> Asked:
        """Of which defect, where, and what the file says there."""
        return Asked(self.cleaned_data["defect"], self.cleaned_data["field"], self.cleaned_data["written"])
