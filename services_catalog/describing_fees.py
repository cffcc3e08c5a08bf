"""A fee table in plain words, row by row, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from services_catalog.describing_cases import who
from services_catalog.fee_table import (
    AddedUp,
    Base,
    BestOf,
    ConditionDiscount,
    CostShare,
    Discount,
    ExcessSlope,
    Exemption,
    FeeTable,
    FixedPrice,
    FlatBands,
    IseeDiscounts,
    IseeRow,
    Matrix,
    PerBlock,
    Percent,
    PerDay,
    PerMeal,
    PerMonth,
    PerPeriod,
    PerYear,
    PiecewiseLinear,
    Reduction,
    SiblingDiscounts,
    SiblingPrices,
    SiblingRow,
    SinglePrice,
    StatedAmount,
    Surcharge,
    Tariff,
    Unit,
)
from sportello.kernel.money import Money
from sportello.schools.models import Level


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a description: what it speaks of and what the edition says; ``place`` is the path in the content."""

    label: str
    value: str
    place: str


def band_label(row: IseeRow) -> str:
    """The interval of a band in words."""
    if row.isee_to is None:
        return _("ISEE da %(start)s in su") % {"start": row.isee_from.format()}
    if not row.isee_from:
        return _("ISEE fino a %(end)s") % {"end": row.isee_to.format()}
    return _("ISEE da %(start)s a %(end)s") % {"start": row.isee_from.format(), "end": row.isee_to.format()}


def unit_label(unit: Unit) -> str:
    """What the price is of."""
    match unit:
        case PerMeal():
            return _("a pasto")
        case PerDay():
            return _("al giorno")
        case PerBlock(meals=meals):
            return _("a blocchetto di %(meals)s pasti") % {"meals": meals}
        case PerMonth():
            return _("al mese")
        case PerYear():
            return _("all'anno")
        case PerPeriod(months=months):
            return _("per un periodo di %(months)s mesi") % {"months": months}
        case _:
            assert_never(unit)


def percent_text(percent: Percent) -> str:
    """A percentage with the decimal comma."""
    return f"{percent:f} %".replace(".", ",")


def base_rows(table: FeeTable, labels: Mapping[str, str]) -> Iterator[Row]:
    """Unit, amounts, minimum and maximum, of the tariff and of each further part; ``labels`` name the conditions."""
    yield from _tariff_rows(table, "fees", labels)
    for index, part in enumerate(table.parts):
        for row in _tariff_rows(part, f"fees.parts[{index}]", labels):
            yield Row(f"{part.code}: {row.label}", row.value, row.place)
    yield Row(_("Senza ISEE"), _without_isee(table), "fees.isee.missing")
    yield from limit_rows(table)


def limit_rows(table: FeeTable) -> Iterator[Row]:
    """The least and the most to pay, of the tariff and of all its parts together."""
    for label, limit, place in (
        (_("Importo minimo"), table.minimum, "fees.minimum"),
        (_("Importo massimo"), table.maximum, "fees.maximum"),
        (_("Minimo di tutte le parti insieme"), table.due_minimum, "fees.due_minimum"),
        (_("Massimo di tutte le parti insieme"), table.due_maximum, "fees.due_maximum"),
    ):
        if limit is not None:
            yield Row(label, limit.format(), place)


def _without_isee(table: FeeTable) -> str:
    words = {
        "top_band": _("fascia più alta"),
        "last_known": _("ultimo ISEE conosciuto, altrimenti fascia più alta"),
        "refused": _("l'ISEE è obbligatorio"),
    }
    return words[table.isee.missing]


def _tariff_rows(tariff: Tariff, place: str, labels: Mapping[str, str]) -> Iterator[Row]:
    yield Row(_("Il prezzo è"), unit_label(tariff.unit), f"{place}.unit")
    yield from amount_rows(tariff, place, labels)


def amount_rows(tariff: Tariff, place: str, labels: Mapping[str, str]) -> Iterator[Row]:
    """What the base of a tariff gives, and each base that takes its place for some."""
    yield from _rows_of(tariff.base, f"{place}.base", labels)
    for index, other in enumerate(tariff.replacements):
        named = [labels.get(other.condition, other.condition)] if other.condition else []
        named += [who(other.when, labels)] if other.when else []
        for row in _rows_of(other.base, f"{place}.replacements[{index}].base", labels):
            yield Row(f"{capfirst(', '.join(named))}: {row.label}", row.value, row.place)


def _rows_of(base: Base, place: str, labels: Mapping[str, str]) -> Iterator[Row]:
    match base:
        case FlatBands(bands=bands):
            for index, band in enumerate(bands):
                yield Row(band_label(band), band.amount.format(), f"{place}.bands[{index}]")
        case CostShare(unit_costs=costs, bands=shares):
            for index, cost in enumerate(costs):
                label = _("Costo intero, %(level)s") % {"level": Level(cost.level).label}
                yield Row(label, cost.unit_cost.format(), f"{place}.unit_costs[{index}]")
            for index, share in enumerate(shares):
                value = _("%(percent)s del costo") % {"percent": percent_text(share.share_percent)}
                yield Row(band_label(share), value, f"{place}.bands[{index}]")
        case SinglePrice(amount=amount):
            yield Row(_("Prezzo unico"), amount.format(), place)
        case StatedAmount(to_confirm=True):
            yield Row(_("Tariffa"), _("da confermare"), place)
        case StatedAmount(name=name):
            yield Row(_("Prezzo stabilito da un altro atto"), name, place)
        case PiecewiseLinear() | ExcessSlope() | Matrix():
            yield from _drawn_rows(base, place, labels)
        case _:
            assert_never(base)


def _drawn_rows(base: PiecewiseLinear | ExcessSlope | Matrix, place: str, labels: Mapping[str, str]) -> Iterator[Row]:
    match base:
        case PiecewiseLinear(segments=segments):
            for index, line in enumerate(segments):
                value = line.amount_from.format()
                if line.end_amount != line.amount_from:
                    value = _("da %(start)s a %(end)s") % {"start": value, "end": line.end_amount.format()}
                yield Row(band_label(line), value, f"{place}.segments[{index}]")
        case ExcessSlope():
            yield Row(_("In proporzione all'ISEE"), slope_words(base), place)
        case Matrix(columns=columns, rows=rows):
            for index, row in enumerate(rows):
                cells = (
                    f"{who(column.when, labels)}: {amount.format()}"
                    for column, amount in zip(columns, row.amounts, strict=True)
                )
                yield Row(band_label(row), "; ".join(cells), f"{place}.rows[{index}]")


def slope_words(base: ExcessSlope) -> str:
    """From which amount, how steeply, and up to which."""
    value = _("%(percent)s dell'ISEE oltre %(threshold)s") % {
        "percent": percent_text(base.percent_of_excess),
        "threshold": base.threshold.format(),
    }
    if base.lowest:
        value = _("%(lowest)s, più %(value)s") % {"lowest": base.lowest.format(), "value": value}
    if base.highest is not None:
        value = _("%(value)s, al massimo %(highest)s") % {"value": value, "highest": base.highest.format()}
    return value


def reduction_rows(tariff: Tariff, labels: Mapping[str, str]) -> Iterator[Row]:
    """The reductions, exemptions and surcharges, in the order in which they are taken."""
    for index, step in enumerate(tariff.reductions):
        yield from reduction_row(step, labels, f"fees.reductions[{index}]")


def reduction_row(step: Reduction, labels: Mapping[str, str], place: str) -> Iterator[Row]:
    """One of them; ``labels`` name the conditions by their code."""
    match step:
        case SiblingDiscounts() | SiblingPrices() | IseeDiscounts():
            yield from _listed(step, place)
        case BestOf(options=options) | AddedUp(options=options):
            note = _("la più favorevole") if isinstance(step, BestOf) else _("si somma alle altre")
            for index, option in enumerate(options):
                for row in reduction_row(option, labels, f"{place}.options[{index}]"):
                    yield Row(row.label, f"{row.value} ({note})", row.place)
        case Exemption() | ConditionDiscount() | Discount() | FixedPrice() | Surcharge():
            yield Row(*_named(step, labels), place)
        case _:
            assert_never(step)


def _listed(step: SiblingDiscounts | SiblingPrices | IseeDiscounts, place: str) -> Iterator[Row]:
    """The rows of a reduction that is itself a table."""
    match step:
        case SiblingDiscounts(rows=discounts):
            for index, discount in enumerate(discounts):
                value = _("%(percent)s in meno") % {"percent": percent_text(discount.discount_percent)}
                yield Row(_ranks(discount), value, f"{place}.rows[{index}]")
        case SiblingPrices(rows=prices):
            for index, price in enumerate(prices):
                value = _("prezzo fisso %(amount)s") % {"amount": price.amount.format()}
                yield Row(_ranks(price), value, f"{place}.rows[{index}]")
        case IseeDiscounts(rows=by_isee):
            for index, row in enumerate(by_isee):
                value = _("%(percent)s in meno") % {"percent": percent_text(row.discount_percent)}
                yield Row(band_label(row), value, f"{place}.rows[{index}]")


def _named(
    step: Exemption | ConditionDiscount | Discount | FixedPrice | Surcharge, labels: Mapping[str, str]
) -> tuple[str, str]:
    """For whom a step is, and what it does."""
    match step:
        case Exemption(condition=condition, when=when, isee_from=start, isee_to=end):
            parts = [labels.get(condition, condition)] if condition else []
            parts += [who(when, labels)] if when else []
            return capfirst(", ".join(parts)), _exempt(start, end)
        case ConditionDiscount(condition=condition, discount_percent=percent):
            value = _("%(percent)s in meno") % {"percent": percent_text(percent)}
            return capfirst(labels.get(condition, condition)), value
        case Discount(when=when, discount_percent=less, discount_amount=euro):
            figure = euro.format() if euro is not None else percent_text(less or Decimal(0))
            return capfirst(who(when, labels)), _("%(percent)s in meno") % {"percent": figure}
        case FixedPrice(when=when, amount=amount):
            return capfirst(who(when, labels)), _("prezzo fisso %(amount)s") % {"amount": amount.format()}
        case Surcharge(when=when, more_percent=more, more_amount=euro):
            figure = euro.format() if euro is not None else percent_text(more or Decimal(0))
            return capfirst(who(when, labels)), _("%(percent)s in più") % {"percent": figure}
        case _:
            assert_never(step)


def _exempt(start: Money, end: Money | None) -> str:
    if end is None and not start:
        return _("non paga")
    return _("non paga, con %(isee)s") % {"isee": band_label(IseeRow(isee_from=start, isee_to=end))}


def _ranks(row: SiblingRow) -> str:
    if row.rank_to is None:
        text = _("Dal figlio numero %(start)s in poi") % {"start": row.rank_from}
    elif row.rank_to == row.rank_from:
        text = _("Figlio numero %(start)s") % {"start": row.rank_from}
    else:
        text = _("Figli dal numero %(start)s al %(end)s") % {"start": row.rank_from, "end": row.rank_to}
    if row.children_to is not None:
        return text + _(", se sono al massimo %(count)s") % {"count": row.children_to}
    if row.children_from > 1:
        return text + _(", se sono almeno %(count)s") % {"count": row.children_from}
    return text
