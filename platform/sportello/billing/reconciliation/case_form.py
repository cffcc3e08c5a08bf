"""The form of PagoPA's acceptance tests, for the office and for the central team."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sportello.billing.reconciliation.evidence import CASES
from sportello.ui.fields import NoticeField


class CasesForm(forms.Form):
    """Which notice was paid for each of PagoPA's acceptance tests; those not run yet stay empty."""

    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:  # Any: a QueryDict, or nothing
        super().__init__(data)
        for case in CASES:
            label = format_lazy(_("Avviso della prova {case}"), case=case)
            self.fields[case] = NoticeField(label=label, required=False)

    def notices(self) -> dict[str, str]:
        """Test -> notice number, for those that are told."""
        return {case: self.cleaned_data[case] for case in CASES if self.cleaned_data.get(case)}
