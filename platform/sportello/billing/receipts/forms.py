"""What the office says of money kept aside."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EndForm(forms.Form):
    """Given back or passed on, and by which document."""

    decision = forms.ChoiceField(
        label=_("Che cosa ne è stato"),
        choices=[("refund", _("Rimborsato a chi ha pagato")), ("pass_on", _("Riversato all'ente a cui spettava"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Nota"), max_length=300, help_text=_("Il mandato di pagamento e il motivo: resta agli atti.")
    )


class SearchForm(forms.Form):
    """Whose account it may belong to."""

    cerca = forms.CharField(label=_("Cerca il bambino"), max_length=60, help_text=_("Cognome, nome o codice fiscale."))


class CreditForm(forms.Form):
    """Why it is credited there."""

    note = forms.CharField(
        label=_("Nota"), max_length=300, help_text=_("Perché la somma spetta a questo conto: resta agli atti.")
    )
