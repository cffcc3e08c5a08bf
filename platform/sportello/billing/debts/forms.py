"""What the office changes of a notice, and why."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.billing.debts.models import PositionLine
from sportello.billing.debts.writing_off import ReliefAct
from sportello.kernel.money import Money
from sportello.ui.fields import DateField, MoneyField


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Motivo"), max_length=200, help_text=_("Con l'atto, se c'è: resta nella storia dell'avviso.")
    )


class ReliefForm(forms.Form):
    """The act by which the Comune gives up a sum."""

    act_number = forms.CharField(label=_("Numero dell'atto"), max_length=40)
    act_on = DateField(label=_("Data dell'atto"))
    reason = forms.CharField(
        label=_("Motivo"), max_length=100, help_text=_("Lo legge anche la famiglia, nel suo estratto conto.")
    )

    @property
    def act(self) -> ReliefAct:
        """The act, of a form that is valid."""
        sent = self.cleaned_data
        return ReliefAct(number=sent["act_number"], on=sent["act_on"], reason=sent["reason"])


class AccountReliefForm(ReliefForm):
    """The same of an account. `token` is drawn once, so that sending twice gives up one sum."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AmountsForm(ReasonForm):
    """What each line asks for from now on; nothing takes the line away."""

    def __init__(self, *args: Any, lines: Sequence[tuple[PositionLine, str]], **kwargs: Any) -> None:
        """Any: Django's own arguments pass through."""
        super().__init__(*args, **kwargs)
        for line, label in lines:
            self.fields[f"line_{line.pk}"] = MoneyField(label=label, initial=Money(line.amount_cents))
        self.order_fields([*(f"line_{line.pk}" for line, _label in lines), "reason"])

    @property
    def amounts(self) -> dict[int, Money]:
        """Line id -> sum, of a form that is valid."""
        cleaned = self.cleaned_data.items()
        return {int(name.removeprefix("line_")): value for name, value in cleaned if name.startswith("line_")}
