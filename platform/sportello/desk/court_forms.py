"""The forms with which the office writes a court's order about a guardian: one bars her, one lifts the bar."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sportello.families.models import Adult
from sportello.kernel.dates import DateRange
from sportello.ui.fields import DateField


class GuardianChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One of the adults who act for the child."""

    def label_from_instance(self, obj: Adult) -> str:
        return obj.full_name


class CourtActForm(forms.Form):
    """Whom, since when, by which act."""

    use_required_attribute = False

    adult = GuardianChoice(
        label=gettext_lazy("Chi"),
        queryset=Adult.objects.none(),
        to_field_name="public_id",
        empty_label=gettext_lazy("Scegli la persona"),
    )
    first_day = DateField(label=gettext_lazy("Dal"))
    court_act = forms.CharField(
        label=gettext_lazy("Estremi del provvedimento"),
        max_length=200,
        help_text=gettext_lazy("Autorità, numero e data, protocollo: senza i fatti."),
    )

    def __init__(self, adults: QuerySet[Adult], today: date, *args: Any, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **{"label_suffix": "", "auto_id": f"id_{self.prefix_of_ids}_%s", **kwargs})
        chosen = self.fields["adult"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101  (for the type checker: declared above)
        chosen.queryset = adults
        self.initial.setdefault("first_day", today)

    prefix_of_ids = "act"

    def stated(self) -> dict[str, Any]:
        """What was written, as the use cases take it: without a last day the order has no end."""
        values = self.cleaned_data
        return {
            "adult": values["adult"],
            "during": DateRange.inclusive(values["first_day"], values.get("last_day")),
            "court_act": values["court_act"],
        }


class BarForm(CourtActForm):
    """Keeps a guardian from the child, with or without a last day."""

    prefix_of_ids = "bar"

    last_day = DateField(
        label=gettext_lazy("Fino al"), required=False, help_text=gettext_lazy("Lascia vuoto se non ha termine.")
    )
    field_order = ("adult", "first_day", "last_day", "court_act")

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("L'ultimo giorno viene prima del primo."))
        return values


class LiftForm(CourtActForm):
    """Lets a barred guardian act again from a day."""

    prefix_of_ids = "lift"
