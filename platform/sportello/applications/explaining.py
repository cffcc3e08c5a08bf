"""A kept price told again: amount, unit, the lines of its explanation and the act behind them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from services_catalog.models import Edition
from sportello.fees.explanation import Line, act_sentence, explain, unit_sentence
from sportello.fees.rules import Price, Step
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ToldPrice:
    """A price for people. `steps` is what `components/explanation.html` draws."""

    amount: Money
    unit: str
    steps: list[dict[str, Any]]
    act: str
    act_url: str


def told(kept: dict[str, Any], edition: Edition) -> ToldPrice:
    """The price kept with an application, in the language of the page: the words follow, the figures do not move."""
    price = price_of(kept)
    act = act_sentence(edition)
    return ToldPrice(
        amount=price.amount,
        unit=unit_sentence(price),
        steps=[_shown(line, act, edition.act_url) for line in explain(price.steps, edition.rules)],
        act=act,
        act_url=edition.act_url,
    )


def price_of(kept: dict[str, Any]) -> Price:
    """The price from its plain data."""
    return Price(
        amount=Money(kept["amount_cents"]),
        unit=kept["unit"],
        block_meals=kept["block_meals"],
        steps=tuple(Step(**step) for step in kept["steps"]),
    )


def _shown(line: Line, act: str, act_url: str) -> dict[str, Any]:
    rule = _("Regola: %(place)s.") % {"place": _place(line.place)}
    return {"label": line.text, "amount": line.amount, "rule": rule, "act_label": act, "act_url": act_url}


def _place(place: str) -> str:
    """Where the rule stands in the edition, in words."""
    head = place.removeprefix("fees.").partition("[")[0].partition(".")[0]
    names = {
        "base": _("tabella delle tariffe"),
        "replacements": _("tariffa particolare"),
        "shifts": _("riduzioni ed esenzioni"),
        "arrears": _("regole sui pagamenti arretrati"),
        "reductions": _("riduzioni ed esenzioni"),
        "round_to": _("arrotondamento"),
        "minimum": _("importo minimo"),
        "maximum": _("importo massimo"),
    }
    return names.get(head, place)
