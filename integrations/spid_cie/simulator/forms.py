from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError
from sportello.kernel.fiscal_code import FiscalCode


class OtherPersonForm(forms.Form):
    """Enter as anybody of the demo's population."""

    fiscal_code = forms.CharField(label=_("Codice fiscale"), max_length=20)
    given_name = forms.CharField(label=_("Nome"), max_length=80)
    family_name = forms.CharField(label=_("Cognome"), max_length=80)

    def clean_fiscal_code(self) -> str:
        try:
            return FiscalCode.parse(self.cleaned_data["fiscal_code"]).value
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
