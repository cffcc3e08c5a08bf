from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.pagopa.simulator.faults import FLOW_WORDS
from integrations.pagopa.simulator.institutions import take_in_newcomers
from integrations.pagopa.simulator.models import KnownInstitution
from integrations.pagopa.simulator.scanning import Scanned, Unreadable, scanned

UNREADABLE = {
    "qr": _("Il codice QR non è di un avviso: PAGOPA|002|, diciotto cifre, undici cifre, centesimi."),
    "matrix": _("Il DataMatrix non è di un bollettino: servono 256 caratteri maiuscoli."),
    "codeline": _("Non si riconosce né un QR, né un DataMatrix, né una codeline."),
}


def institutions() -> list[tuple[str, str]]:
    """The creditors that the Node knows, to choose from."""
    take_in_newcomers()
    return list(KnownInstitution.objects.order_by("company_name").values_list("fiscal_code", "company_name"))


class ScanForm(forms.Form):
    """What the scanner has read."""

    code = forms.CharField(
        label=_("Testo del codice"),
        help_text=_("Il QR dell'avviso, il DataMatrix del bollettino o la sua codeline."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        max_length=400,
        strip=False,
    )
    creditor = forms.ChoiceField(
        label=_("Ente"),
        help_text=_("Solo per una codeline, che non dice di chi è l'avviso."),
        required=False,
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["creditor"].choices = [("", _("Come dice il codice")), *institutions()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "code" not in cleaned:
            return cleaned
        try:
            read = scanned(cleaned["code"])
        except Unreadable as error:
            self.add_error("code", UNREADABLE[error.point])
            return cleaned
        fiscal_code = read.fiscal_code or cleaned.get("creditor", "")
        if not fiscal_code:
            self.add_error("creditor", _("Scegli l'ente: la codeline non lo dice."))
            return cleaned
        cleaned["scanned"] = Scanned(read.nav, fiscal_code, read.cents)
        return cleaned


class InstitutionForm(forms.Form):
    """One of the creditors."""

    creditor = forms.ChoiceField(label=_("Ente"))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["creditor"].choices = institutions()  # type: ignore[attr-defined]  # a ChoiceField


class FlowForm(forms.Form):
    """Of which day, and what is wrong with it."""

    day = forms.ChoiceField(label=_("Pagamenti di"))
    faults = forms.MultipleChoiceField(
        label=_("Che cosa va storto"),
        required=False,
        choices=list(FLOW_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, today: date, **named: Any) -> None:
        super().__init__(*args, **named)
        yesterday = today - timedelta(days=1)
        self.fields["day"].choices = [(today.isoformat(), _("oggi")), (yesterday.isoformat(), _("ieri"))]  # type: ignore[attr-defined]  # a ChoiceField
