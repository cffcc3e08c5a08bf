"""The forms of a file of the tax office: the upload, and the answer to sums that are off."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.ui.fields import DateField


class TaxFileForm(forms.Form):
    """A file, and its day where the file does not say it."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File dell'ufficio tributi"),
        help_text=_("L'estrazione così come arriva, con la mappatura impostata in Collegamenti."),
        error_messages={"required": _("Scegli il file da caricare."), "empty": _("Il file è vuoto.")},
    )
    as_of = DateField(label=_("Di che giorno sono i dati"), help_text=_("Solo se il file non lo dice."), required=False)


class CommitForm(forms.Form):
    """Somebody answers for sums that do not come out."""

    use_required_attribute = False

    confirmed = forms.BooleanField(label=_("Ho verificato le somme: carico lo stesso"), required=False)
