"""What the office writes: the steps of the Comune, a pause, the word of the social services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.billing.ladder.models import STEPS, LadderRules
from sportello.billing.ladder.rules import Step, StepRule
from sportello.billing.ladder.setting import DEFAULT_WAY_OUT, DEFAULTS
from sportello.kernel.money import Money
from sportello.ui.fields import DateField, MoneyField

_HELP = _("Si può scrivere {nome}, {totale}, {entro}, {comune}, {ufficio}: al loro posto arriva il dato.")


class RulesForm(forms.Form):
    """All steps together, with the act that decides them."""

    in_force_from = DateField(label=_("In vigore dal"))
    act = forms.CharField(label=_("Atto che lo decide"), max_length=120)
    officer = forms.CharField(label=_("Responsabile che firma"), max_length=80)
    days_to_pay = forms.IntegerField(
        label=_("Giorni per pagare dopo la lettera"), min_value=1, max_value=365, initial=30
    )
    way_out = forms.CharField(
        label=_("Che cosa può fare chi non riesce a pagare"),
        widget=forms.Textarea(attrs={"rows": 3}),
        initial=DEFAULT_WAY_OUT,
        help_text=_("Sta in ogni lettera: nessuna parte senza."),
    )

    def __init__(self, *args: Any, last: LadderRules | None, **kwargs: Any) -> None:
        """`last` are the rules to begin from. Any: Django's own arguments pass through."""
        super().__init__(*args, **kwargs)
        if last is not None:
            for known in ("officer", "days_to_pay", "way_out"):
                self.fields[known].initial = getattr(last, known)
        names = dict(STEPS)
        for rule in last.ladder if last else DEFAULTS:
            step, name = rule.step.value, str(names[rule.step.value]).capitalize()
            self.fields[f"{step}_days"] = forms.IntegerField(
                label=_("%(step)s: giorni dopo la scadenza") % {"step": name},
                min_value=1,
                max_value=3650,
                initial=rule.days,
            )
            self.fields[f"{step}_minimum"] = MoneyField(
                label=_("%(step)s: somma minima") % {"step": name}, required=False, initial=Money(rule.minimum_cents)
            )
            self.fields[f"{step}_title"] = forms.CharField(
                label=_("%(step)s: titolo della lettera") % {"step": name}, max_length=80, initial=rule.title
            )
            self.fields[f"{step}_text"] = forms.CharField(
                label=_("%(step)s: testo della lettera") % {"step": name},
                widget=forms.Textarea(attrs={"rows": 4}),
                initial=rule.text,
                help_text=_HELP,
            )

    @property
    def steps(self) -> list[StepRule]:
        """The steps, of a form that is valid."""
        sent = self.cleaned_data
        return [
            StepRule(
                step,
                sent[f"{step}_days"],
                (sent[f"{step}_minimum"] or Money(0)).cents,
                sent[f"{step}_title"],
                sent[f"{step}_text"],
            )
            for step in Step
        ]


class PauseForm(forms.Form):
    """Why, and until when."""

    prefix = "pausa"
    reason = forms.CharField(label=_("Motivo della pausa"), max_length=200)
    until = DateField(label=_("Fino al giorno"))


class NeedForm(forms.Form):
    """The answer of the social services, without its reasons."""

    prefix = "verifica"
    checked_on = DateField(label=_("Data della risposta"))
    collectable = forms.TypedChoiceField(
        label=_("Che cosa dicono i servizi sociali"),
        choices=[("si", _("si può procedere")), ("no", _("non procedere: la famiglia è seguita"))],
        coerce=lambda word: word == "si",
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label=_("Riferimento della risposta"),
        max_length=120,
        help_text=_("Il protocollo, per esempio. Non scrivere perché la famiglia è in difficoltà."),
    )
