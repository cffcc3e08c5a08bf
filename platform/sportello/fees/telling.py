"""An amount told to families: its unit, the lines of its explanation, and the act. One form for every page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from services_catalog.models import Edition
from sportello.fees.deciding import steps_from_json
from sportello.fees.explanation import Line, act_sentence, explain, unit_sentence
from sportello.fees.models import PriceDecision
from sportello.fees.rules import Price, Step
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Told:
    """An amount for people; ``steps`` is what `components/explanation.html` draws."""

    amount: Money
    unit: str
    steps: list[dict[str, Any]]
    act: str
    act_url: str


def tell(amount: Money, unit: str, steps: Iterable[Step], edition: Edition) -> Told:
    """The amount with its steps in the language of the page, each with its rule and the act."""
    act = act_sentence(edition)
    lines = [_shown(line, act, edition.act_url) for line in explain(steps, edition.rules)]
    return Told(amount, unit, lines, act, edition.act_url)


def tell_price(price: Price, edition: Edition) -> Told:
    """The price of one unit."""
    return tell(price.amount, unit_sentence(price), price.steps, edition)


def tell_decision(decision: PriceDecision) -> Told:
    """A price decided for a child, by the edition it came from."""
    unit: Any = decision.unit  # one of UnitName: the column's choices are the same words
    steps = tuple(steps_from_json(decision.steps))
    return tell_price(Price(decision.unit_price, unit, decision.block_meals, steps), decision.edition)


def _shown(line: Line, act: str, act_url: str) -> dict[str, Any]:
    rule = _("Regola: %(place)s.") % {"place": _place(line.place)}
    return {"label": line.text, "amount": line.amount, "rule": rule, "act_label": act, "act_url": act_url}


def _place(place: str) -> str:
    """Where the rule stands in the edition, in words."""
    path = place.removeprefix("fees.")
    if path.startswith("parts["):
        path = path.partition("].")[2] or "parts"
    head = path.partition("[")[0].partition(".")[0]
    names = {
        "base": _("tabella delle tariffe"),
        "replacements": _("tariffa particolare"),
        "shifts": _("riduzioni ed esenzioni"),
        "arrears": _("regole sui pagamenti arretrati"),
        "reductions": _("riduzioni ed esenzioni"),
        "round_to": _("arrotondamento"),
        "minimum": _("importo minimo"),
        "maximum": _("importo massimo"),
        "unit": _("quantità usata"),
        "proration": _("parte del periodo"),
        "parts": _("parti della tariffa"),
        "due_minimum": _("importo minimo"),
        "due_maximum": _("importo massimo"),
    }
    return names.get(head, place)
