"""Forms of the ledger: a payment seen by the office, the difference of a wrong entry."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sportello.billing.models import PaymentMeans
from sportello.families.models import Adult
from sportello.ui.fields import DateField, MoneyField


class PaidForm(forms.Form):
    """A payment made at the treasury, by transfer, by card: when, how, and what proves it."""

    paid_on = DateField(label=_("Data del pagamento"))
    means = forms.TypedChoiceField(
        label=_("Come è stato pagato"),
        choices=PaymentMeans.choices,
        coerce=PaymentMeans,
        widget=forms.RadioSelect,
        help_text=_("I contanti non si detraggono: l'attestazione per il 730 li tiene separati."),
    )
    reference = forms.CharField(
        label=_("Riferimento"), max_length=80, help_text=_("Il numero della ricevuta, del bonifico o del bollettino.")
    )


class PaymentForm(PaidForm):
    """What a family paid on an account. `token` is drawn once, so that sending twice records one payment."""

    amount = MoneyField(label=_("Importo pagato"))
    payer = forms.ModelChoiceField(
        label=_("Chi ha pagato"),
        queryset=Adult.objects.none(),
        required=False,
        empty_label=_("secondo le quote"),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_order = ("amount", "payer")

    def __init__(self, *args: Any, bearers: QuerySet[Adult], **kwargs: Any) -> None:
        """`bearers`: who bears the costs; one alone is not asked for. Any: Django's own arguments pass through."""
        super().__init__(*args, **kwargs)
        if len(bearers) > 1:
            self.fields["payer"].queryset = bearers  # type: ignore[attr-defined]  # as Django documents it
            self.fields["payer"].label_from_instance = lambda adult: adult.full_name  # type: ignore[attr-defined]
        else:
            del self.fields["payer"]


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
