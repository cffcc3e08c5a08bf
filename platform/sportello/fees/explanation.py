"""The steps of a price as sentences for families and clerks, in the language of the page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import get_language

from services_catalog.models import Edition
from services_catalog.schema import EditionContent
from sportello.fees.rules import Price, Step
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: the sentence, the amount after it, and where the rule stands in the edition."""

    text: str
    amount: Money
    place: str


def explain(steps: Iterable[Step], content: EditionContent) -> list[Line]:
    """The steps in plain words, in the active language."""
    return [Line(_SENTENCES[step.code](step, content), Money(step.after_cents), step.place) for step in steps]


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


def _percent(percent: object) -> str:
    return str(percent).replace(".", ",") + " %"


def _why_band(step: Step) -> str:
    reason = step.params["reason"]
    if reason == "missing":
        return _("Non c'è un ISEE valido: si applica la fascia più alta")
    if reason == "non_resident":
        return _("Il bambino non risiede nel Comune: si applica la fascia più alta")
    start, end = step.params["isee_from"], step.params["isee_to"]
    if end is None:
        return _("Fascia ISEE da %(start)s in su") % {"start": _money(start)}
    if not start:
        return _("Fascia ISEE fino a %(end)s") % {"end": _money(end)}
    return _("Fascia ISEE da %(start)s a %(end)s") % {"start": _money(start), "end": _money(end)}


def _supposed(step: Step) -> str:
    return " " + _("(ipotesi in attesa dell'atto)") if step.params.get("assumption") else ""


def _band(step: Step, content: EditionContent) -> str:
    return f"{_why_band(step)}: {_money(step.after_cents)}{_supposed(step)}"


def _cost_share(step: Step, content: EditionContent) -> str:
    share = _("%(percent)s del costo di %(cost)s = %(amount)s") % {
        "percent": _percent(step.params["percent"]),
        "cost": _money(step.params["unit_cost"]),
        "amount": _money(step.after_cents),
    }
    return f"{_why_band(step)}: {share}{_supposed(step)}"


def _single_price(step: Step, content: EditionContent) -> str:
    return _("Prezzo unico: %(amount)s") % {"amount": _money(step.after_cents)}


def _replacement(step: Step, content: EditionContent) -> str:
    return _("Si applica un'altra tariffa: %(condition)s") % {"condition": _condition(step, content)}


def _condition(step: Step, content: EditionContent) -> str:
    """The condition as the edition calls it."""
    code = str(step.params["condition"])
    for condition in content.conditions:
        if condition.code == code:
            return condition.label.within(get_language() or "it")
    return code


def _change(step: Step) -> dict[str, str]:
    return {"before": _money(step.before_cents), "after": _money(step.after_cents)}


def _sibling_discount(step: Step, content: EditionContent) -> str:
    words = {**_change(step), "rank": str(step.params["rank"]), "percent": _percent(step.params["percent"])}
    return _("Figlio numero %(rank)s che usa il servizio: %(percent)s in meno, da %(before)s a %(after)s") % words


def _sibling_price(step: Step, content: EditionContent) -> str:
    words = {**_change(step), "rank": str(step.params["rank"])}
    return _("Figlio numero %(rank)s che usa il servizio: prezzo fisso, da %(before)s a %(after)s") % words


def _exemption(step: Step, content: EditionContent) -> str:
    return _("Esenzione (%(condition)s): non si paga") % {"condition": _condition(step, content)}


def _condition_discount(step: Step, content: EditionContent) -> str:
    words = {**_change(step), "condition": _condition(step, content), "percent": _percent(step.params["percent"])}
    return _("Riduzione (%(condition)s): %(percent)s in meno, da %(before)s a %(after)s") % words


def _rounding(step: Step, content: EditionContent) -> str:
    return _("Arrotondamento da %(before)s a %(after)s") % _change(step)


def _minimum(step: Step, content: EditionContent) -> str:
    return _("Importo minimo: da %(before)s a %(after)s") % _change(step)


def _maximum(step: Step, content: EditionContent) -> str:
    return _("Importo massimo: da %(before)s a %(after)s") % _change(step)


_SENTENCES: dict[str, Callable[[Step, EditionContent], str]] = {
    "band": _band,
    "cost_share": _cost_share,
    "single_price": _single_price,
    "replacement": _replacement,
    "sibling_discount": _sibling_discount,
    "sibling_price": _sibling_price,
    "exemption": _exemption,
    "condition_discount": _condition_discount,
    "rounding": _rounding,
    "minimum": _minimum,
    "maximum": _maximum,
}
