"""Controls of our forms beside Django's own: a date as three boxes, an amount in euro."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_PARTS = (("day", _("Giorno"), 2), ("month", _("Mese"), 2), ("year", _("Anno"), 4))


class SplitDate(forms.Widget):
    """Day, month and year in three boxes, for dates that people know by heart.

    Posts `<name>_day`, `<name>_month`, `<name>_year` and hands the field "aaaa-mm-gg", or what was typed when it
    is no date, so that the field refuses it and the boxes keep it. `birthday=True` lets the browser fill it in.
    """

    template_name = "django/forms/widgets/split_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        super().__init__(attrs)
        self.birthday = birthday

    def id_for_label(self, id_: str) -> str:
        """The first box: where an error link leads."""
        return f"{id_}_day" if id_ else id_

    def use_required_attribute(self, initial: object) -> bool:  # noqa: ARG002 -- Django names it
        """Never: the error summary says it better than the browser."""
        return False

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: object,  # noqa: ARG002 -- Django hands it over
        name: str,
    ) -> str | None:
        """ISO text of the three boxes; None when all are empty."""
        day, month, year = (str(data.get(f"{name}_{part}", "")).strip() for part, _label, _length in _PARTS)
        if not (day or month or year):
            return data.get(name)
        return f"{year}-{month.zfill(2) if month else ''}-{day.zfill(2) if day else ''}"

    def value_omitted_from_data(
        self,
        data: Mapping[str, Any],
        files: object,  # noqa: ARG002 -- Django hands it over
        name: str,
    ) -> bool:
        """Whether none of the three boxes was posted."""
        return not any(f"{name}_{part}" in data for part, _label, _length in _PARTS)

    def get_context(self, name: str, value: date | str | None, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The boxes with their ids and what they hold."""
        context = super().get_context(name, None, attrs)
        widget = context["widget"]
        identifier = widget["attrs"].get("id", f"id_{name}")
        held = _boxes(value)
        widget["invalid"] = widget["attrs"].get("aria-invalid") == "true"
        widget["parts"] = [
            {
                "name": part,
                "label": label,
                "length": length,
                "id": f"{identifier}_{part}",
                "value": held[part],
                "autocomplete": f"bday-{part}" if self.birthday else "",
            }
            for part, label, length in _PARTS
        ]
        return context


def _boxes(value: date | str | None) -> dict[str, str]:
    if isinstance(value, date):
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
    year, month, day = ([*str(value or "").split("-"), "", ""])[:3]
    return {"day": day, "month": month, "year": year}


class MoneyInput(forms.TextInput):
    """A right-aligned box with the sign of the euro."""

    template_name = "django/forms/widgets/money.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "input-money", "inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
