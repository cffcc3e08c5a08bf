"""Forms of the canteen."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from services_catalog.models import ClosureKind
from sportello.canteen.cancelling import LONGEST
from sportello.kernel.dates import DateRange
from sportello.ui.fields import DateField

ONE_CLICK = (
    ClosureKind.TRIP,
    ClosureKind.STRIKE,
    ClosureKind.CLOSURE,
    ClosureKind.ORDINANCE,
    ClosureKind.POLLING_STATION,
)


class CancelForm(forms.Form):
    """Which days have no canteen and why. `told` is what the page said would be cancelled: only that is done."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("Perché non c'è mensa"),
        choices=[(kind.value, capfirst(kind.label)) for kind in ONE_CLICK],
        widget=forms.RadioSelect,
    )
    first_day = DateField(label=_("Primo giorno"))
    last_day = DateField(label=_("Ultimo giorno"), required=False, help_text=_("Lascia vuoto per un giorno solo."))
    reason = forms.CharField(
        label=_("Motivo"),
        max_length=160,
        required=False,
        help_text=_("Lo leggono le famiglie, per esempio: Gita a Matera. Se lo lasci vuoto leggono il tipo."),
    )
    told = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """The last day is the first unless said; the reason is the kind unless said."""
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("L'ultimo giorno viene prima del primo."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last_day", _("Al massimo un mese: le vacanze si scrivono nel calendario."))
        elif first:
            values["days"] = DateRange.inclusive(first, last or first)
        if values.get("kind") and not values.get("reason"):
            values["reason"] = str(ClosureKind(values["kind"]).label).capitalize()
        return values
