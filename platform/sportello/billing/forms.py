"""Forms of the ledger: a payment seen by the office, the difference of a wrong entry."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.ui.fields import DateField, MoneyField


class PaymentForm(forms.Form):
    """What a family paid outside the desk. `token` is drawn once, so that sending twice records one payment."""

    amount = MoneyField(label=_("Importo pagato"))
    paid_on = DateField(label=_("Data del pagamento"))
    reference = forms.CharField(
        label=_("Riferimento"), max_length=80, help_text=_("Il numero della ricevuta, del bonifico o del bollettino.")
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class CorrectionForm(forms.Form):
    """The difference, in the family's favour or charged to it, and why."""

    direction = forms.ChoiceField(
        label=_("La rettifica"),
        choices=[("favour", _("è a favore della famiglia")), ("charge", _("è un addebito in più"))],
        widget=forms.RadioSelect,
        initial="favour",
    )
    amount = MoneyField(label=_("Importo della rettifica"))
    reason = forms.CharField(label=_("Motivo"), max_length=160, help_text=_("Lo legge anche la famiglia."))
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
