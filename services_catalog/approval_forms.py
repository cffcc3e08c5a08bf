"""The forms of an approval: what the author proposes, the act that puts it in force, why it goes back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition
from services_catalog.publication import Act
from sportello.ui.fields import DateField


class _SeenForm(forms.Form):
    """A form that asks whether the findings were read, where there are any."""

    use_required_attribute = False
    seen = forms.BooleanField(label=_("Ho letto gli avvisi e le ipotesi da confermare"))

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:  # Any: Django's own arguments pass through
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["seen"]


class ProposalForm(_SeenForm):
    """From when the draft shall hold, and a word to who judges it."""

    valid_from = DateField(label=_("In vigore dal"))
    note = forms.CharField(
        label=_("Per chi la approva"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Per esempio: come da bozza di delibera, cambiano solo le prime due fasce."),
    )
    field_order = ("valid_from", "note", "seen")


class InForceForm(_SeenForm):
    """The act that puts an edition in force, and that its findings were seen."""

    act_number = forms.CharField(label=_("Numero dell'atto"), max_length=40)
    act_date = DateField(label=_("Data dell'atto"))
    act_url = forms.URLField(label=_("Indirizzo dell'atto"), required=False, assume_scheme="https")
    approved_by = forms.CharField(
        label=_("Chi lo ha approvato"), max_length=120, help_text=_("Per esempio: Giunta comunale")
    )
    field_order = ("act_number", "act_date", "act_url", "approved_by", "seen")

    @staticmethod
    def known(edition: Edition) -> dict[str, object]:
        """What the edition already says of its act."""
        return {name: getattr(edition, name) for name in ("act_number", "act_date", "act_url", "approved_by")}

    def act(self) -> Act:
        """The act as written."""
        given = self.cleaned_data
        return Act(
            number=given["act_number"],
            decided_on=given["act_date"],
            url=given["act_url"],
            approved_by=given["approved_by"],
        )


class ReturnForm(forms.Form):
    """Why a proposal goes back."""

    use_required_attribute = False
    reason = forms.CharField(label=_("Che cosa va cambiato"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
