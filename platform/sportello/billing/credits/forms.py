"""Forms of credit: a sum to be told of, a sum to move, where to give it back; what the office decides."""

from collections.abc import Sequence
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sportello.billing.credits.iban import InvalidIban, read_iban
from sportello.ui.fields import MoneyField


class AlertForm(forms.Form):
    """Empty: no more notices."""

    threshold = MoneyField(
        label=_("Avvisami quando il credito scende sotto"),
        required=False,
        help_text=_("Lascia vuoto per non ricevere avvisi."),
    )


class MoveForm(forms.Form):
    """How much, and to which sibling's account. `token` is drawn once: sent twice it moves once."""

    target = forms.TypedChoiceField(label=_("A chi"), coerce=int, widget=forms.RadioSelect)
    amount = MoneyField(label=_("Quanto spostare"))
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: object, targets: Sequence[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments pass through
        self.fields["target"].choices = targets  # type: ignore[attr-defined]  # as Django documents it


class RefundForm(forms.Form):
    """Where the money goes."""

    holder = forms.CharField(label=_("Intestatario del conto"), max_length=70)
    iban = forms.CharField(label=_("IBAN"), max_length=42)

    def clean_iban(self) -> str:
        try:
            return read_iban(self.cleaned_data["iban"])
        except InvalidIban as error:
            raise ValidationError(str(error), code=error.code) from error


class TopUpForm(forms.Form):
    """How much to put on the account."""

    amount = MoneyField(label=_("Quanto ricaricare"))
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class EndForm(forms.Form):
    """The office's word on a request."""

    decision = forms.ChoiceField(
        label=_("Decisione"),
        choices=[("pay", _("Rimborsato")), ("refuse", _("Non accolto"))],
        widget=forms.RadioSelect,
    )
    word = forms.CharField(
        label=_("Riferimento o motivo"),
        max_length=300,
        help_text=_("Il mandato di pagamento, oppure perché la richiesta non è accolta."),
    )
