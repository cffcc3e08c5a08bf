"""What is written on the pages of leaving."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ChecksumForm(forms.Form):
    """The digest that the Comune computed on its own copy."""

    use_required_attribute = False

    sha256 = forms.CharField(
        label=_("Impronta SHA-256 della tua copia"),
        help_text=_("Sono 64 cifre e lettere: le scrive «sha256sum file.zip», o «certutil -hashfile file.zip SHA256»."),
        max_length=100,
        error_messages={"required": _("Scrivi l'impronta calcolata sulla tua copia.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )


class ActForm(forms.Form):
    """Under which act the Comune leaves."""

    use_required_attribute = False

    act = forms.CharField(
        label=_("Atto che chiude il servizio"),
        help_text=_("Per esempio: deliberazione di Consiglio comunale n. 12 del 30/09/2026."),
        max_length=200,
        error_messages={"required": _("Scrivi l'atto: è il titolo per cancellare i dati.")},
    )


class ReasonForm(forms.Form):
    """Why the departure is called off."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Motivo"),
        max_length=200,
        error_messages={"required": _("Scrivi il motivo: resta nel registro.")},
    )


class NameForm(forms.Form):
    """The name of the Comune, written by whoever deletes it."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Nome del Comune da cancellare"),
        max_length=80,
        error_messages={"required": _("Scrivi il nome del Comune: non si cancella per sbaglio.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
