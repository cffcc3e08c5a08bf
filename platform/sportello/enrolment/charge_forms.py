"""Forms of the office that charges: which service and month, what was counted for the children of a class."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.fee_table import Counted
from services_catalog.models import Service
from sportello.enrolment.registers import LABELS
from sportello.families.models import Child
from sportello.kernel.month import InvalidMonth, Month

MONTHS_BACK: Final = 12


class MonthOfServiceForm(forms.Form):
    """A service that has quotas, and a month of the last year; this month unless said."""

    use_required_attribute = False
    servizio = forms.ChoiceField(label=gettext_lazy("Servizio"))
    mese = forms.ChoiceField(label=gettext_lazy("Mese"))

    def __init__(self, data: Any, *, services: Sequence[Service], today: date) -> None:
        months = _months(Month.of(today))
        chosen = {"servizio": data.get("servizio") or services[0].code, "mese": data.get("mese") or str(months[0])}
        super().__init__(chosen, auto_id="scelta_%s")
        self.services = {service.code: service for service in services}
        # A month out of the list (an older one in an address) may be looked at all the same.
        asked = _parsed(chosen["mese"])
        listed = sorted({*months, *([asked] if asked else [])}, reverse=True)
        self.fields["servizio"].choices = [(one.code, one.name) for one in services]  # type: ignore[attr-defined]  # ChoiceField
        self.fields["mese"].choices = [(str(one), one.name.capitalize()) for one in listed]  # type: ignore[attr-defined]  # ChoiceField

    @property
    def service(self) -> Service:
        """The service chosen; the form must be valid."""
        return self.services[self.cleaned_data["servizio"]]

    @property
    def month(self) -> Month:
        """The month chosen; the form must be valid."""
        return Month.parse(self.cleaned_data["mese"])


class CountsForm(forms.Form):
    """A number for each child and count; an empty box says that nobody counted."""

    use_required_attribute = False

    def __init__(
        self, data: Any, *, children: Sequence[Child], counted: Sequence[Counted], known: dict[tuple[int, str], int]
    ) -> None:
        super().__init__(data)
        self.children, self.counted = children, counted
        for child in children:
            for name in counted:
                self.fields[_name(child.public_id, name)] = forms.IntegerField(
                    label=_("%(what)s, %(child)s") % {"what": _(LABELS[name]), "child": child.full_name},
                    required=False,
                    min_value=0,
                    max_value=31,
                    initial=known.get((child.pk, name)),
                    widget=forms.NumberInput(attrs={"class": "input number", "inputmode": "numeric"}),
                )

    def rows(self) -> list[tuple[Child, list[tuple[str, forms.BoundField]]]]:
        """A row a child, a box a count, with its heading."""
        return [
            (child, [(_(LABELS[name]), self[_name(child.public_id, name)]) for name in self.counted])
            for child in self.children
        ]

    def numbers(self) -> dict[tuple[int, Counted], int | None]:
        """The number by child id and count; the form must be valid."""
        return {
            (child.pk, name): self.cleaned_data[_name(child.public_id, name)]
            for child in self.children
            for name in self.counted
        }


def _name(public_id: UUID, counted: str) -> str:
    return f"{counted}-{public_id}"


def _parsed(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except InvalidMonth:
        return None


def _months(latest: Month) -> list[Month]:
    found = [latest]
    while len(found) < MONTHS_BACK:
        found.append(found[-1].previous)
    return found
