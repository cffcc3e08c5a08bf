"""The form with which a guardian delegates somebody."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sportello.families.errors import (
    AlreadyDelegated,
    AlreadyGuardian,
    DelegateBarred,
    DelegateTooYoung,
    DelegationRefused,
    NoActs,
    OneselfDelegated,
    OtherPersonsCode,
    PeriodInThePast,
    PeriodTooFar,
    PeriodTooLong,
    ProvisionalCode,
)
from sportello.families.models import Act, Child
from sportello.families.rules import Delegate, last_day_by_default
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.fiscal_code import FiscalCode
from sportello.ui.fields import DateField

FIELD_OF: Final[dict[type[DelegationRefused], str]] = {
    **dict.fromkeys((ProvisionalCode, OneselfDelegated, OtherPersonsCode, DelegateTooYoung), "fiscal_code"),
    **dict.fromkeys((AlreadyGuardian, DelegateBarred, AlreadyDelegated), "fiscal_code"),
    **dict.fromkeys((PeriodInThePast, PeriodTooFar), "first_day"),
    PeriodTooLong: "last_day",
    NoActs: "acts",
}


class DelegationForm(forms.Form):
    """For which child, to whom, for what, in which days: all of it is needed."""

    use_required_attribute = False

    child = forms.ChoiceField(
        label=gettext_lazy("Per quale figlio?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli il figlio.")},
    )
    given_name = forms.CharField(label=gettext_lazy("Nome"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Cognome"), max_length=80)
    fiscal_code = forms.CharField(
        label=gettext_lazy("Codice fiscale"),
        max_length=20,
        help_text=gettext_lazy(
            "La persona entra con la propria identità digitale: la riconosciamo dal codice fiscale."
        ),
    )
    acts = forms.MultipleChoiceField(
        label=gettext_lazy("Che cosa può fare?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Scegli almeno una cosa che la persona può fare.")},
    )
    first_day = DateField(label=gettext_lazy("Dal"))
    last_day = DateField(label=gettext_lazy("Fino al"), help_text=gettext_lazy("Al massimo un anno."))

    def __init__(self, children: Sequence[Child], today: date, *args: Any, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.children = {str(child.public_id): child for child in children}
        choices = [(public_id, child.full_name) for public_id, child in self.children.items()]
        self._offer("child", choices)
        self._offer("acts", [(act.value, _capital(str(act.label))) for act in Act])
        if len(choices) == 1:
            self.initial.setdefault("child", choices[0][0])
        self.initial.setdefault("first_day", today)
        self.initial.setdefault("last_day", last_day_by_default(today))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker: declared above)
        field.choices = choices

    def clean_fiscal_code(self) -> FiscalCode:
        try:
            return FiscalCode.parse(self.cleaned_data["fiscal_code"])
        except DomainError as failure:
            raise ValidationError(failure.message, code=failure.code) from failure

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("L'ultimo giorno viene prima del primo."))
        return values

    def stated(self) -> dict[str, Any]:
        """What was asked for, as the use case takes it."""
        values = self.cleaned_data
        return {
            "child": self.children[values["child"]],
            "delegate": Delegate(values["fiscal_code"], values["given_name"], values["family_name"]),
            "acts": [Act(act) for act in values["acts"]],
            "period": DateRange.inclusive(values["first_day"], values["last_day"]),
        }

    def refuse(self, failure: DelegationRefused) -> None:
        """Shows why beside the field that it is about."""
        self.add_error(FIELD_OF.get(type(failure)), failure.message)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
