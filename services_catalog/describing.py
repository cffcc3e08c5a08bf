"""An edition in plain words, part by part; and what changes from one edition to another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.fee_table import (
    Base,
    ConditionDiscount,
    CostShare,
    Exemption,
    FeeTable,
    FlatBands,
    IseeRow,
    PerBlock,
    Percent,
    PerMeal,
    PerMonth,
    Reduction,
    SiblingDiscounts,
    SiblingPrices,
    SiblingRow,
    SinglePrice,
    Unit,
)
from services_catalog.schema import EditionContent
from sportello.kernel.money import Money
from sportello.schools.models import Level


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a description: what it speaks of and what the edition says; ``place`` is the path in the content."""

    label: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an edition."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs between two editions; empty text where one of them does not have it."""

    section: str
    label: str
    before: str
    after: str


def describe(content: EditionContent) -> list[Section]:
    """The decisions of an edition that families feel: fees, reductions, windows, calendar; in the reader's language."""
    parts = [
        (_("Tariffa"), _base_rows(content.fees)),
        (_("Riduzioni ed esenzioni"), _reduction_rows(content)),
        (_("Finestre di iscrizione"), _window_rows(content)),
        (_("Calendario"), _calendar_rows(content)),
    ]
    return [Section(title, tuple(rows)) for title, rows in parts]


def changes(before: EditionContent, after: EditionContent) -> list[Change]:
    """The lines that differ, in the order in which they stand in the new edition, then those it dropped."""
    found = []
    for old, new in zip(describe(before), describe(after), strict=True):
        was = {row.label: row.value for row in old.rows}
        now = {row.label: row.value for row in new.rows}
        found += [
            Change(new.title, label, was.get(label, ""), value)
            for label, value in now.items()
            if was.get(label) != value
        ]
        found += [Change(new.title, label, value, "") for label, value in was.items() if label not in now]
    return found


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
        case PerBlock(meals=meals):
            return _("a blocchetto di %(meals)s pasti") % {"meals": meals}
        case PerMonth():
            return _("al mese")
        case _:
            assert_never(unit)


def percent_text(percent: Percent) -> str:
    """A percentage with the decimal comma."""
    return f"{percent:f} %".replace(".", ",")


def _base_rows(table: FeeTable) -> Iterator[Row]:
    yield Row(_("Il prezzo è"), unit_label(table.unit), "fees.unit")
    yield from _rows_of(table.base, "fees.base")
    for index, replacement in enumerate(table.replacements):
        for row in _rows_of(replacement.base, f"fees.replacements[{index}].base"):
            yield Row(f"{replacement.condition}: {row.label}", row.value, row.place)
    yield Row(_("Senza ISEE"), _("fascia più alta"), "fees.isee.missing")
    if table.minimum is not None:
        yield Row(_("Importo minimo"), table.minimum.format(), "fees.minimum")
    if table.maximum is not None:
        yield Row(_("Importo massimo"), table.maximum.format(), "fees.maximum")


def _rows_of(base: Base, place: str) -> Iterator[Row]:
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
        case _:
            assert_never(base)


def _reduction_rows(content: EditionContent) -> Iterator[Row]:
    language = get_language() or "it"
    labels = {condition.code: condition.label.within(language) for condition in content.conditions}
    for index, step in enumerate(content.fees.reductions):
        yield from _reduction(step, labels, f"fees.reductions[{index}]")


def _reduction(step: Reduction, labels: dict[str, str], place: str) -> Iterator[Row]:
    match step:
        case SiblingDiscounts(rows=discounts):
            for index, discount in enumerate(discounts):
                value = _("%(percent)s in meno") % {"percent": percent_text(discount.discount_percent)}
                yield Row(_ranks(discount), value, f"{place}.rows[{index}]")
        case SiblingPrices(rows=prices):
            for index, price in enumerate(prices):
                value = _("prezzo fisso %(amount)s") % {"amount": price.amount.format()}
                yield Row(_ranks(price), value, f"{place}.rows[{index}]")
        case Exemption(condition=condition, isee_from=start, isee_to=end):
            yield Row(labels[condition].capitalize(), _exempt(start, end), place)
        case ConditionDiscount(condition=condition, discount_percent=percent):
            value = _("%(percent)s in meno") % {"percent": percent_text(percent)}
            yield Row(labels[condition].capitalize(), value, place)
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


def _window_rows(content: EditionContent) -> Iterator[Row]:
    language = get_language() or "it"
    for index, window in enumerate(content.windows):
        value = _span(window.opens, window.closes)
        late = _("%(days)s (fuori termine)") % {"days": value}
        yield Row(window.label.within(language), late if window.late else value, f"windows[{index}]")


def _calendar_rows(content: EditionContent) -> Iterator[Row]:
    for index, span in enumerate(content.calendar.spans):
        yield Row(
            capfirst(str(Level(span.level).label)), _span(span.first_day, span.last_day), f"calendar.spans[{index}]"
        )
    language = get_language() or "it"
    for index, closed in enumerate(content.calendar.closed):
        yield Row(closed.reason.within(language), _span(closed.first_day, closed.last_day), f"calendar.closed[{index}]")


def _span(first: date, last: date) -> str:
    return _("dal %(first)s al %(last)s") % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
