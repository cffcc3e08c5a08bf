"""The form of meals sold in blocks; beside the others, which know no money."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.canteen.blocks import MOST_AT_ONCE


class BlockForm(forms.Form):
    """How many blocks; `token` is drawn once, so that sending twice orders once."""

    blocks = forms.TypedChoiceField(
        label=_("Quanti blocchetti"),
        choices=[(number, str(number)) for number in range(1, MOST_AT_ONCE + 1)],
        coerce=int,
        initial=1,
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
