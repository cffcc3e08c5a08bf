"""The forms around an edition: from when a correction holds, and the act that puts it in force."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.ui.fields import DateField


class RevisionForm(forms.Form):
    """From when a correction holds."""

    use_required_attribute = False
    valid_from = DateField(label=_("Da che giorno vale la nuova revisione"))
