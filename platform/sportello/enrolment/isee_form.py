"""The form of a new ISEE: value, declaration and day, and whether it is that of all her children."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from sportello.families.models import Child
from sportello.kernel.errors import DomainError
from sportello.kernel.names import shown_name
from sportello.means.declaring import check_filing_day
from sportello.ui.fields import DateField, MoneyField


class NewIseeForm(forms.Form):
    """Asked of one child; with ``others`` (her brothers and sisters), whether it is theirs too."""

    hides_optional = True

    def __init__(self, others: Sequence[Child], today: date, posted: QueryDict | None) -> None:
        super().__init__(posted, label_suffix="")
        self.today = today
        self.fields["amount"] = MoneyField(
            label=_("Valore dell'ISEE"),
            help_text=_("Per esempio 12.500,00"),
            error_messages={"required": _("Scrivi il valore dell'ISEE.")},
        )
        self.fields["dsu_protocol"] = forms.CharField(
            label=_("Protocollo della DSU"),
            max_length=40,
            help_text=_("È in alto sull'attestazione, per esempio INPS-ISEE-2026-01234567A-00"),
            error_messages={"required": _("Scrivi il protocollo della DSU.")},
        )
        self.fields["filed_on"] = DateField(
            label=_("Data di presentazione della DSU"), error_messages={"required": _("Scrivi la data della DSU.")}
        )
        if others:
            names = ", ".join(shown_name(one.given_name) for one in others)
            label = _("Vale anche per %(names)s") % {"names": names}
            self.fields["for_all"] = forms.BooleanField(label=label, required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        amount, filed_on = values.get("amount"), values.get("filed_on")
        if amount is not None and amount.cents < 0:
            self.add_error("amount", _("L'ISEE non può essere negativo."))
        if filed_on is not None:
            try:
                check_filing_day(filed_on=filed_on, today=self.today)
            except DomainError as error:
                self.add_error("filed_on", error.message)
        return values
