"""The forms of the check-list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.ui.fields import DateField
from tenants.models import Stage
from tenants.stages import ORDER


class DayForm(forms.Form):
    """The day of the start."""

    day = DateField(label=_("Giorno dell'avvio"))


class WaiverForm(forms.Form):
    """Why the Comune may start without a check."""

    reason = forms.CharField(
        label=_("Motivo della deroga"),
        help_text=_("Resta scritto con il tuo nome; almeno 20 caratteri."),
        min_length=20,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReturnForm(forms.Form):
    """Back to which stage, why, and what families read."""

    stage = forms.ChoiceField(label=_("Torna alla fase"))
    reason = forms.CharField(
        label=_("Motivo"),
        help_text=_("Per il registro: le famiglie non lo vedono."),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notice = forms.CharField(
        label=_("Avviso alle famiglie"),
        help_text=_("Compare su tutte le pagine, per esempio: «Stiamo sistemando i saldi, torniamo lunedì»."),
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker what stands above
        earlier = [stage for stage in reversed(ORDER) if stage is not Stage.LIVE]
        field.choices = [(stage.value, stage.label) for stage in earlier]
