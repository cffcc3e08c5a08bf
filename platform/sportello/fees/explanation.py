"""The steps of a price as sentences for families and clerks, in the language of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.fee_table import FeeTable
from services_catalog.models import Edition
from services_catalog.schema import EditionContent
from sportello.fees.case_words import case_words
from sportello.fees.facts import Price, Step, StepCode
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

_TEMPLATES: dict[StepCode, str] = {
    "band": gettext_noop("%(why)s: %(after)s"),
    "cost_share": gettext_noop("%(why)s: %(percent)s del costo di %(cost)s, cioè %(after)s"),
    "single_price": gettext_noop("Prezzo unico: %(after)s"),
    "line": gettext_noop("%(why)s: importo che cresce con l'ISEE, %(after)s"),
    "slope": gettext_noop("%(least)s%(percent)s dell'ISEE oltre %(threshold)s: %(after)s"),
    "highest": gettext_noop("%(why)s: %(after)s"),
    "cell": gettext_noop("%(why)s, colonna «%(column)s»: %(after)s"),
    "stated_amount": gettext_noop("Prezzo stabilito da un altro atto: %(after)s"),
    "replacement": gettext_noop("Si applica un'altra tariffa (%(condition)s)"),
    "band_shift": gettext_noop("Si scende di fascia: da %(before)s a %(after)s"),
    "arrears": gettext_noop("Le riduzioni non spettano (%(condition)s)"),
    "discount": gettext_noop("Riduzione: %(percent)s in meno, da %(before)s a %(after)s"),
    "discount_amount": gettext_noop("Riduzione: %(figure)s in meno, da %(before)s a %(after)s"),
    "fixed_price": gettext_noop("Prezzo fisso: da %(before)s a %(after)s"),
    "surcharge": gettext_noop("Maggiorazione: %(percent)s in più, da %(before)s a %(after)s"),
    "surcharge_amount": gettext_noop("Maggiorazione: %(figure)s in più, da %(before)s a %(after)s"),
    "isee_discount": gettext_noop("Riduzione per ISEE: %(percent)s in meno, da %(before)s a %(after)s"),
    "best_of": gettext_noop("Le riduzioni non si sommano: vale la più favorevole, %(after)s"),
    "added_up": gettext_noop("Riduzione che si somma alle altre: da %(before)s a %(after)s"),
    "sibling_discount": gettext_noop("Figlio numero %(rank)s: %(percent)s in meno, da %(before)s a %(after)s"),
    "sibling_price": gettext_noop("Figlio numero %(rank)s: prezzo fisso, da %(before)s a %(after)s"),
    "exemption": gettext_noop("Esenzione (%(condition)s): non si paga"),
    "condition_discount": gettext_noop("Riduzione (%(condition)s): %(percent)s in meno, da %(before)s a %(after)s"),
    "rounding": gettext_noop("Arrotondamento: da %(before)s a %(after)s"),
    "minimum": gettext_noop("Importo minimo: da %(before)s a %(after)s"),
    "maximum": gettext_noop("Importo massimo: da %(before)s a %(after)s"),
    "times": gettext_noop("Quantità %(count)s: da %(before)s a %(after)s"),
    "parts": gettext_noop("%(count)s parti su %(whole)s: da %(before)s a %(after)s"),
    "count_discount": gettext_noop(
        "Per i giorni del registro (%(count)s): %(percent)s in meno, da %(before)s a %(after)s"
    ),
    "absence_share": gettext_noop("Assenze, %(count)s giorni su %(whole)s: da %(before)s a %(after)s"),
    "each_time": gettext_noop("Detrazione di %(figure)s per volta (%(count)s): da %(before)s a %(after)s"),
    "not_due": gettext_noop("Per questo periodo non si paga"),
    "sum": gettext_noop("Si aggiunge la parte «%(part)s»: da %(before)s a %(after)s"),
    "together": gettext_noop("Con %(figure)s di prima: da %(before)s a %(after)s"),
    "days_share": gettext_noop("Giorni di servizio a questo prezzo, %(count)s su %(whole)s: da %(before)s a %(after)s"),
    "instalment": gettext_noop("Rata del %(percent)s: da %(before)s a %(after)s"),
    "instalment_rest": gettext_noop("Ultima rata, quanto resta: da %(before)s a %(after)s"),
    "already_charged": gettext_noop("Già addebitato %(figure)s: da %(before)s a %(after)s"),
}


_FOR_SOME: dict[StepCode, str] = {
    "cell": gettext_noop("%(why)s, %(who)s: %(after)s"),
    "band_shift": gettext_noop("Si scende di fascia (%(who)s): da %(before)s a %(after)s"),
    "discount": gettext_noop("Riduzione (%(who)s): %(percent)s in meno, da %(before)s a %(after)s"),
    "discount_amount": gettext_noop("Riduzione (%(who)s): %(figure)s in meno, da %(before)s a %(after)s"),
    "fixed_price": gettext_noop("Prezzo fisso (%(who)s): da %(before)s a %(after)s"),
    "surcharge": gettext_noop("Maggiorazione (%(who)s): %(percent)s in più, da %(before)s a %(after)s"),
    "surcharge_amount": gettext_noop("Maggiorazione (%(who)s): %(figure)s in più, da %(before)s a %(after)s"),
    "isee_discount": gettext_noop("Riduzione per ISEE (%(who)s): %(percent)s in meno, da %(before)s a %(after)s"),
    "added_up": gettext_noop("Riduzione che si somma alle altre (%(who)s): da %(before)s a %(after)s"),
}
"""The same where the table says for whom the step is: a reduction without its reason explains nothing."""

_READ = {*_FOR_SOME, "exemption", "replacement"}
"""The steps whose rule may be for some alone."""

_SLOPE_HIGHEST = gettext_noop("%(least)s%(percent)s dell'ISEE oltre %(threshold)s, ma non oltre il massimo: %(after)s")
_TIMES_FREE = gettext_noop("Quantità %(count)s, di cui gratis %(free)s: da %(before)s a %(after)s")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: the sentence, the amount after it, and where the rule stands in the edition."""

    text: str
    amount: Money
    place: str


def explain(steps: Iterable[Step], content: EditionContent) -> list[Line]:
    """The steps in plain words, in the active language."""
    language = get_language() or "it"
    labels = {condition.code: condition.label.within(language) for condition in content.conditions}
    return explain_with(steps, labels, content.fees)


def explain_with(steps: Iterable[Step], labels: Mapping[str, str], table: FeeTable) -> list[Line]:
    """As :func:`explain`, with the names of the conditions by their code; one without a name shows its code."""
    return [Line(_sentence(step, labels, table), Money(step.after_cents), step.place) for step in steps]


def _sentence(step: Step, labels: Mapping[str, str], table: FeeTable) -> str:
    words = _words(step, labels) | {"who": case_words(table, step.place, labels) if step.code in _READ else ""}
    words["condition"] = words["condition"] or words["who"] or _("per i casi previsti")
    sentence = _(_template(step, words["who"])) % words
    return f"{sentence} {_('(ipotesi in attesa dell’atto)')}" if step.params.get("assumption") else sentence


def _template(step: Step, who: str) -> str:
    if step.code == "times" and step.params.get("free"):
        return _TIMES_FREE
    if step.code == "slope" and step.params.get("highest") == step.after_cents:
        return _SLOPE_HIGHEST
    return _FOR_SOME.get(step.code, _TEMPLATES[step.code]) if who else _TEMPLATES[step.code]


def act_sentence(edition: Edition) -> str:
    """Which act decided the rules: "Atto 12/2026 del 30/04/2026"."""
    if edition.act_date is None:
        return _("Bozza, non ancora approvata")
    day = edition.act_date.strftime("%d/%m/%Y")
    return _("Atto %(number)s del %(day)s") % {"number": edition.act_number, "day": day}


def unit_sentence(price: Price) -> str:
    """What the price is of: "a pasto", "a blocchetto di 21 pasti", "al mese"."""
    match price.unit:
        case "meal":
            return _("a pasto")
        case "day":
            return _("al giorno")
        case "block":
            return _("a blocchetto di %(meals)s pasti") % {"meals": price.block_meals}
        case "month":
            return _("al mese")
        case "year":
            return _("all'anno")
        case "period":
            return _("a periodo")


def _money(cents: object) -> str:
    return Money(int(str(cents))).format()


def _words(step: Step, labels: Mapping[str, str]) -> dict[str, str]:
    """What the sentence of any step may name, already written for people."""
    params = step.params
    code = str(params.get("condition") or "")
    return {
        "before": "" if step.before_cents is None else _money(step.before_cents),
        "after": _money(step.after_cents),
        "why": _why_band(step) if "reason" in params else "",
        "percent": str(params.get("percent", "")).replace(".", ",") + " %",
        "cost": _money(params["unit_cost"]) if "unit_cost" in params else "",
        "figure": _money(params["amount"]) if "amount" in params else "",
        "threshold": _money(params["threshold"]) if "threshold" in params else "",
        "least": _("%(lowest)s, più ") % {"lowest": _money(params["lowest"])} if params.get("lowest") else "",
        "condition": labels.get(code, code),
        **{name: str(params.get(name, "")) for name in ("rank", "column", "count", "free", "part")},
        "whole": str(params.get("of", "")),
    }


def _why_band(step: Step) -> str:
    reason, start, end = step.params["reason"], step.params["isee_from"], step.params["isee_to"]
    if reason == "missing":
        return _("Senza un ISEE valido si applica la fascia più alta")
    if reason == "not_accepted":
        return _("L'ISEE presentato non è accettato: si applica la fascia più alta")
    if reason == "non_resident":
        return _("A chi non risiede nel Comune si applica la fascia più alta")
    if end is None:
        return _("Fascia ISEE da %(start)s in su") % {"start": _money(start)}
    if not start:
        return _("Fascia ISEE fino a %(end)s") % {"end": _money(end)}
    return _("Fascia ISEE da %(start)s a %(end)s") % {"start": _money(start), "end": _money(end)}
