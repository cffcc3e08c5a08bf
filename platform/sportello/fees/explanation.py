"""The steps of a price as sentences for families and clerks, in the language of the page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.models import Edition
from services_catalog.schema import EditionContent
from sportello.fees.rules import Price, Step, StepCode
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

_TEMPLATES: dict[StepCode, str] = {
    "band": gettext_noop("%(why)s: %(after)s"),
    "cost_share": gettext_noop("%(why)s: %(percent)s del costo di %(cost)s, cioè %(after)s"),
    "single_price": gettext_noop("Prezzo unico: %(after)s"),
    "replacement": gettext_noop("Si applica un'altra tariffa (%(condition)s)"),
    "sibling_discount": gettext_noop("Figlio numero %(rank)s: %(percent)s in meno, da %(before)s a %(after)s"),
    "sibling_price": gettext_noop("Figlio numero %(rank)s: prezzo fisso, da %(before)s a %(after)s"),
    "exemption": gettext_noop("Esenzione (%(condition)s): non si paga"),
    "condition_discount": gettext_noop("Riduzione (%(condition)s): %(percent)s in meno, da %(before)s a %(after)s"),
    "rounding": gettext_noop("Arrotondamento: da %(before)s a %(after)s"),
    "minimum": gettext_noop("Importo minimo: da %(before)s a %(after)s"),
    "maximum": gettext_noop("Importo massimo: da %(before)s a %(after)s"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: the sentence, the amount after it, and where the rule stands in the edition."""

    text: str
    amount: Money
    place: str


def explain(steps: Iterable[Step], content: EditionContent) -> list[Line]:
    """The steps in plain words, in the active language."""
    return [Line(_sentence(step, content), Money(step.after_cents), step.place) for step in steps]


def _sentence(step: Step, content: EditionContent) -> str:
    sentence = _(_TEMPLATES[step.code]) % _words(step, content)
    return f"{sentence} {_('(ipotesi in attesa dell’atto)')}" if step.params.get("assumption") else sentence


def act_sentence(edition: Edition) -> str:
    """Which act decided the rules: "Atto 12/2026 del 30/04/2026"."""
    if edition.act_date is None:
        return _("Bozza, non ancora approvata")
    day = edition.act_date.strftime("%d/%m/%Y")
    return _("Atto %(number)s del %(day)s") % {"number": edition.act_number, "day": day}


def unit_sentence(price: Price) -> str:
    """What the price is of: "a pasto", "a blocchetto di 21 pasti", "al mese"."""
    if price.unit == "block":
        return _("a blocchetto di %(meals)s pasti") % {"meals": price.block_meals}
    return _("a pasto") if price.unit == "meal" else _("al mese")


def _money(cents: object) -> str:
    return Money(int(str(cents))).format()


def _words(step: Step, content: EditionContent) -> dict[str, str]:
    """What the sentence of any step may name, already written for people."""
    params = step.params
    return {
        "before": "" if step.before_cents is None else _money(step.before_cents),
        "after": _money(step.after_cents),
        "why": _why_band(step) if "reason" in params else "",
        "percent": str(params.get("percent", "")).replace(".", ",") + " %",
        "cost": _money(params["unit_cost"]) if "unit_cost" in params else "",
        "rank": str(params.get("rank", "")),
        "condition": _condition_label(str(params.get("condition", "")), content),
    }


def _why_band(step: Step) -> str:
    reason, start, end = step.params["reason"], step.params["isee_from"], step.params["isee_to"]
    if reason == "missing":
        return _("Senza un ISEE valido si applica la fascia più alta")
    if reason == "non_resident":
        return _("A chi non risiede nel Comune si applica la fascia più alta")
    if end is None:
        return _("Fascia ISEE da %(start)s in su") % {"start": _money(start)}
    if not start:
        return _("Fascia ISEE fino a %(end)s") % {"end": _money(end)}
    return _("Fascia ISEE da %(start)s a %(end)s") % {"start": _money(start), "end": _money(end)}


def _condition_label(code: str, content: EditionContent) -> str:
    """The condition as the edition calls it."""
    labels = {condition.code: condition.label for condition in content.conditions}
    return labels[code].within(get_language() or "it") if code in labels else code
