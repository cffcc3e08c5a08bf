"""A fee table drawn for families: bands against amounts, and the reductions in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.describing_cases import who
from services_catalog.describing_fees import (
    amount_rows,
    limit_rows,
    reduction_row,
    slope_words,
    unit_label,
)
from services_catalog.fee_table import (
    Base,
    ConditionDiscount,
    CostShare,
    ExcessSlope,
    Exemption,
    FeeTable,
    FlatBands,
    IseeRow,
    LevelCost,
    Matrix,
    Part,
    PerBlock,
    PerDay,
    PerMonth,
    PerPeriod,
    PerYear,
    PiecewiseLinear,
    Reduction,
    ShareBand,
    SiblingDiscounts,
    SiblingPrices,
    SiblingRow,
    SinglePrice,
    StatedAmount,
)
from services_catalog.schema import EditionContent
from sportello.kernel.money import Money
from sportello.schools.models import Level
from sportello.ui.templatetags.ui import money, percent

type Cell = str | Money


@dataclass(frozen=True, slots=True)
class FeeSheet:
    """Headings, rows (the band first) and the sentences beneath."""

    columns: list[str]
    rows: list[list[Cell]]
    notes: list[str]


def fee_sheet(content: EditionContent) -> FeeSheet:
    """The table in force as the sheet of the service shows it, in the language of the page."""
    table = content.fees
    names = {condition.code: condition.label.within(get_language() or "it") for condition in content.conditions}
    columns, rows = _grid(table.base, _unit(table), names)
    notes = [f"{row.label}: {row.value}." for row in limit_rows(table)]
    notes += [_part(part, names) for part in table.parts]
    notes += [note for step in table.reductions for note in _notes(step, names)]
    for replacement in table.replacements:
        code = replacement.condition
        named = names.get(code, code) if code else who(replacement.when, names) if replacement.when else ""
        notes.append(_("%(condition)s: si applica una tariffa diversa.") % {"condition": capfirst(named)})
    return FeeSheet(columns, rows, notes)


def _unit(table: FeeTable) -> str:
    match table.unit:
        case PerBlock(meals=meals):
            return _("Blocchetto di %(meals)s pasti") % {"meals": meals}
        case PerMonth():
            return _("Al mese")
        case PerDay():
            return _("Al giorno")
        case PerYear():
            return _("All'anno")
        case PerPeriod(months=months):
            return _("Per un periodo di %(months)s mesi") % {"months": months}
        case _:
            return _("A pasto")


def _charged(row: ShareBand, cost: LevelCost) -> Money:
    """The printed price, where the act prints one: it rules."""
    return cost.unit_cost.share(row.share_percent) if row.printed is None else row.printed


def _part(part: Part, names: Mapping[str, str]) -> str:
    """What is added to the price of the table, row by row."""
    rows = "; ".join(f"{row.label}: {row.value}" for row in amount_rows(part, "fees.parts", names))
    if isinstance(part.base, StatedAmount):
        rows = _("prezzo stabilito da un altro atto")
    return _("Si aggiunge, %(unit)s: %(rows)s.") % {"unit": unit_label(part.unit), "rows": rows}


def _grid(base: Base, unit: str, names: Mapping[str, str]) -> tuple[list[str], list[list[Cell]]]:
    match base:
        case FlatBands(bands=bands):
            return [_("ISEE"), unit], [[_band(band), band.amount] for band in bands]
        case CostShare(unit_costs=costs, bands=shares):
            levels = [_level(cost.level) for cost in costs]
            rows: list[list[Cell]] = [[_share(row), *(_charged(row, cost) for cost in costs)] for row in shares]
            return [_("ISEE e quota del costo"), *levels], rows
        case SinglePrice(amount=amount):
            return [_("Per tutti"), unit], [[_("Qualsiasi ISEE"), amount]]
        case _:
            return _drawn(base, unit, names)


def _drawn(
    base: PiecewiseLinear | Matrix | ExcessSlope | StatedAmount, unit: str, names: Mapping[str, str]
) -> tuple[list[str], list[list[Cell]]]:
    match base:
        case PiecewiseLinear(segments=segments):
            lines: list[list[Cell]] = [[_band(line), line.amount_from, line.end_amount] for line in segments]
            return [_("ISEE"), _("%(unit)s, da") % {"unit": unit}, _("fino a")], lines
        case Matrix(columns=kinds, rows=amounts):
            headings = [capfirst(who(kind.when, names)) for kind in kinds]
            return [_("ISEE"), *headings], [[_band(row), *row.amounts] for row in amounts]
        case ExcessSlope():
            return [_("Per tutti"), unit], [[_("Qualsiasi ISEE"), slope_words(base)]]
        case StatedAmount(to_confirm=True):
            return [_("Per tutti"), unit], [[_("Qualsiasi ISEE"), _("da confermare")]]
        case StatedAmount():
            return [_("Per tutti"), unit], [[_("Qualsiasi ISEE"), _("Prezzo stabilito da un altro atto")]]


def _level(code: str) -> str:
    """The level as a narrow column can say it: the sheet has its full name beside."""
    short = {
        Level.NURSERY: _("Nido"),
        Level.PRESCHOOL: _("Infanzia"),
        Level.PRIMARY: _("Primaria"),
        Level.LOWER_SECONDARY: _("Secondaria I grado"),
        Level.UPPER_SECONDARY: _("Secondaria II grado"),
    }
    return short[Level(code)]


def _share(row: ShareBand) -> str:
    return _("%(band)s: %(percent)s") % {"band": _band(row), "percent": percent(row.share_percent)}


def _band(row: IseeRow) -> str:
    if row.isee_to is None:
        return _("da %(start)s in su") % {"start": money(row.isee_from)}
    if not row.isee_from:
        return _("fino a %(end)s") % {"end": money(row.isee_to)}
    return _("da %(start)s a %(end)s") % {"start": money(row.isee_from), "end": money(row.isee_to)}


def _notes(step: Reduction, names: dict[str, str]) -> list[str]:
    match step:
        case SiblingDiscounts(rows=rows):
            return [
                _("%(who)s: %(percent)s in meno.") % {"who": _who(row), "percent": percent(row.discount_percent)}
                for row in rows
            ]
        case SiblingPrices(rows=rows):
            return [_("%(who)s: %(amount)s.") % {"who": _who(row), "amount": money(row.amount)} for row in rows]
        case Exemption(condition=str(condition), when=None, isee_to=limit):
            named = capfirst(names.get(condition, condition))
            if limit is None:
                return [_("%(condition)s: non si paga.") % {"condition": named}]
            return [
                _("%(condition)s, con ISEE fino a %(limit)s: non si paga.")
                % {"condition": named, "limit": money(limit)}
            ]
        case ConditionDiscount(condition=condition, discount_percent=discount):
            named = capfirst(names.get(condition, condition))
            return [_("%(condition)s: %(percent)s in meno.") % {"condition": named, "percent": percent(discount)}]
        case _:
            return [f"{row.label}: {row.value}." for row in reduction_row(step, names, "")]


def _who(row: SiblingRow) -> str:
    ranks = {1: _("Primo figlio"), 2: _("Secondo figlio"), 3: _("Terzo figlio"), 4: _("Quarto figlio")}
    first = ranks.get(row.rank_from, _("Figlio n. %(rank)s") % {"rank": row.rank_from})
    if row.rank_to is None:
        who = _("%(first)s e successivi") % {"first": first}
    elif row.rank_to != row.rank_from:
        who = _("Dal figlio n. %(start)s al n. %(end)s") % {"start": row.rank_from, "end": row.rank_to}
    else:
        who = first
    if row.children_to is not None:
        return _("%(who)s, con al massimo %(children)s figli nel servizio") % {"who": who, "children": row.children_to}
    if row.children_from > row.rank_from:
        return _("%(who)s, con almeno %(children)s figli nel servizio") % {"who": who, "children": row.children_from}
    return who
