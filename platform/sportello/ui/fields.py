"""Form fields that clean to the words of the kernel."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sportello.kernel.money import InvalidAmount, Money
from sportello.ui.widgets import MoneyInput, SplitDate


class MoneyField(forms.Field):
    """An amount in euro as Italians write it ("1.234,50"); cleans to Money, or None when optional and empty."""

    widget = MoneyInput

    def to_python(self, value: object) -> Money | None:
        """Read the text; raises ValidationError with the kernel's own sentence."""
        if value is None or isinstance(value, Money):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            return Money.from_decimal_string(text)
        except InvalidAmount as error:
            raise ValidationError(str(error), code=error.code) from error

    def prepare_value(self, value: object) -> object:
        """An amount without the sign of the euro; what was typed stays as it was."""
        return value.format().removesuffix(" €") if isinstance(value, Money) else value


class DateField(forms.DateField):
    """A date in three boxes; `birthday=True` lets the browser fill it in."""

    def __init__(self, *, birthday: bool = False, **kwargs: Any) -> None:  # Any: Django's own keywords pass through
        kwargs.setdefault("widget", SplitDate(birthday=birthday))
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class NoticeField(forms.CharField):
    """A notice number of pagoPA, written with or without its spaces: 18 digits."""

    def __init__(self, **kwargs: Any) -> None:  # Any: Django's own keywords pass through
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:  # Any: what a browser sends
        found = "".join(str(super().clean(value)).split())
        if found and not (len(found) == 18 and found.isascii() and found.isdigit()):
            raise ValidationError(_("Scrivi il numero avviso: 18 cifre."))
        return found
