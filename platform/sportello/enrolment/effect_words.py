"""The effect of a draft in words: the one sentence of it, the bands, the children with their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from services_catalog.models import Edition
from services_catalog.panels import Panel
from services_catalog.queries import editions_in_force
from sportello.accounts.models import Account
from sportello.enrolment.effect import ChildEffect, Kind
from sportello.enrolment.effect_figures import BandLine, Effect
from sportello.enrolment.rehearsing import rehearse_edition
from sportello.families.models import Child
from sportello.fees.explanation import unit_sentence
from sportello.fees.facts import Price
from sportello.kernel.money import Money
from sportello.ui.templatetags.ui import money


@dataclass(frozen=True, slots=True)
class BandRow:
    """A line of the table of bands."""

    label: str
    line: BandLine
    median: str


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A child by name, with its price before and after; ``child`` leads to its file."""

    child: Child
    day: date
    before: str
    after: str
    change: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """The figures that name nobody."""

    effect: Effect
    summary: str
    extremes: str
    others: tuple[str, ...]
    bands: tuple[BandRow, ...]
    has_parts: bool


def told(draft: Edition, effect: Effect) -> Told:
    """The effect in the reader's language (one query)."""
    tables = [draft.rules.fees, *(held.rules.fees for held in editions_in_force(draft.service.code, draft.period))]
    return Told(
        effect=effect,
        summary=_summary(effect),
        extremes=_extremes(effect),
        others=tuple(_others(effect)),
        bands=tuple(BandRow(_band(line), line, signed(line.median_cents)) for line in effect.bands),
        has_parts=any(table.parts for table in tables),
    )


def effect_panel(edition: Edition, reader: Account) -> Panel:  # noqa: ARG001 -- it names nobody, whoever reads
    """The figures where an edition is judged."""
    return Panel("enrolment/_effect_panel.html", told(edition, rehearse_edition(draft=edition, renewed=True)))


def child_rows(effects: Sequence[ChildEffect]) -> list[ChildRow]:
    """The children by name, in the order given (one query). The caller records that they were read."""
    children: Mapping[int, Child] = Child.objects.in_bulk([one.child_id for one in effects])
    return [
        ChildRow(
            child=children[one.child_id],
            day=one.day,
            before=_price(one.before),
            after=_price(one.after),
            change=signed(one.change_cents),
            reason=one.reason.message if one.reason else "",
        )
        for one in effects
    ]


def signed(cents: int) -> str:
    """A change as :func:`money` writes it, with its sign when it is more."""
    return f"+{money(cents)}" if cents > 0 else money(cents)


def _summary(effect: Effect) -> str:
    if not effect.children:
        return _("Nessun bambino è iscritto nei giorni di questa tariffa.")
    if not effect.families_changing:
        return _("Nessuna famiglia paga diversamente.")
    changing = ngettext(
        "%(n)s famiglia su %(all)s cambia, mediana %(median)s.",
        "%(n)s famiglie su %(all)s cambiano, mediana %(median)s.",
        effect.families_changing,
    )
    return changing % {
        "n": effect.families_changing,
        "all": effect.families,
        "median": signed(effect.median_cents),
    }


def _extremes(effect: Effect) -> str:
    if not effect.families_changing:
        return ""
    return _("%(up)s pagano di più, %(down)s di meno: da %(lowest)s a %(highest)s per famiglia.") % {
        "up": effect.families_up,
        "down": effect.families_down,
        "lowest": signed(effect.lowest_cents),
        "highest": signed(effect.highest_cents),
    }


def _others(effect: Effect) -> list[str]:
    """Children who are in no comparison, and why."""
    sentences = {
        Kind.OTHER_UNIT: _("Bambini il cui prezzo diventa di un'altra unità, e non si confronta: %(n)s."),
        Kind.NEW: _("Bambini che oggi non hanno un prezzo e lo avrebbero: %(n)s."),
        Kind.UNDECIDABLE: _("Bambini che resterebbero senza prezzo: %(n)s."),
        Kind.UNPRICED: _("Bambini senza prezzo oggi e anche con questa tariffa: %(n)s."),
    }
    return [words % {"n": effect.kinds[kind]} for kind, words in sentences.items() if effect.kinds.get(kind)]


def _band(line: BandLine) -> str:
    if line.first is None:
        return _("Senza ISEE")
    if line.last is None:
        return _("ISEE da %(first)s in su") % {"first": Money(line.first).format()}
    return _("ISEE da %(first)s a %(last)s") % {"first": Money(line.first).format(), "last": Money(line.last).format()}


def _price(price: Price | None) -> str:
    return "" if price is None else f"{price.amount.format()} {unit_sentence(price)}"
