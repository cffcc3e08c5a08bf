"""What the office sets of an issue."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from sportello.kernel.money import Money
from sportello.ui.fields import DateField, MoneyField

MOST_PARTS = 12


class IssueForm(forms.Form):
    """The terms of the notices."""

    services = forms.MultipleChoiceField(label=_("Servizi"), widget=forms.CheckboxSelectMultiple)
    description = forms.CharField(
        label=_("Causale"),
        max_length=60,
        help_text=_("La leggono chi paga e la banca: servizio e periodo, mai il nome di un bambino."),
    )
    due_on = DateField(label=_("Scadenza"), help_text=_("Il giorno stampato sull'avviso."))
    last_day = DateField(
        label=_("Ultimo giorno utile"), help_text=_("Fino a questo giorno il pagamento è ancora accettato.")
    )
    minimum = MoneyField(
        label=_("Importo minimo"),
        required=False,
        help_text=_("Chi deve meno non riceve l'avviso. Vuoto: nessun minimo."),
    )
    instalments = forms.IntegerField(
        label=_("Rate"),
        min_value=1,
        max_value=MOST_PARTS,
        initial=1,
        help_text=_("Una al mese; 1 per la sola rata unica."),
    )
    instalments_from = MoneyField(
        label=_("Rate a partire da"), required=False, help_text=_("Sotto questa somma l'avviso è a rata unica.")
    )
    skips_exempt = forms.BooleanField(label=_("Lascia fuori chi oggi è esente"), required=False, initial=True)

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Any: Django's own arguments pass through."""
        super().__init__(*args, **kwargs)
        named = [(code, format_html('<span lang="it">{}</span>', name)) for code, name in services]
        self.fields["services"].choices = named  # type: ignore[attr-defined]  # as Django documents it

    def clean(self) -> dict[str, Any]:
        """An amount left empty is none at all."""
        values = super().clean() or self.cleaned_data
        for name in ("minimum", "instalments_from"):
            values[name] = values.get(name) or Money(0)
        return values
