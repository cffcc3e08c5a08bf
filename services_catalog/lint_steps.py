"""Questions about the steps after the base: rows nobody reaches, holes among siblings, prose against figures."""

import itertools
from collections.abc import Iterator, Sequence

from services_catalog.fee_table import (
    AddedUp,
    BestOf,
    CountRow,
    CountSteps,
    Exemption,
    FeeTable,
    FilingWindow,
    FlatBands,
    FreeUnits,
    Instalment,
    IseeDiscounts,
    IseeRow,
    Reduction,
    SiblingDiscounts,
    SiblingPrices,
    SiblingRow,
    Tariff,
)
from services_catalog.findings import Finding, Severity, warning
from services_catalog.lint_bases import odd_bounds, rows_findings
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money, round_half_up

_MANY_CHILDREN = 6
_NEVER = gettext_noop("Questa riga non si applica mai: prima ne vale un'altra. È voluto?")


def step_findings(table: FeeTable) -> Iterator[Finding]:
    """The questions about replacements, reductions, proration, statements and instalments."""
    yield from _dear_siblings(table)
    for place, tariff in table.tariffs():
        yield from _never_replaced(tariff, place)
        for index, reduction in enumerate(tariff.reductions):
            yield from _of_reduction(reduction, f"{place}.reductions[{index}]")
        yield from _after_everybody(tariff, place)
        for index, rule in enumerate(tariff.proration):
            if isinstance(rule, CountSteps):
                yield from _shadowed(rule.rows, f"{place}.proration[{index}].rows")
    if table.free_units is not None:
        yield from _free(table.free_units)
    yield from _statements(table)
    yield from _instalments(table.instalments)
    yield from _filing_windows(table.isee.windows)


def _instalments(plan: Sequence[Instalment]) -> Iterator[Finding]:
    """Two instalments of one day or one name, which are one charge; days out of order."""
    days, codes = [one.due_on for one in plan], [one.code for one in plan]
    for index, one in enumerate(plan):
        if one.due_on in days[:index] or one.code in codes[:index]:
            sentence = gettext_noop("Questa rata ha il giorno o il nome di una rata precedente: sono una o due?")
            yield Finding(Severity.ERROR, "instalments_twice", f"fees.instalments[{index}]", sentence, {})
    if days != sorted(days):
        sentence = gettext_noop("Le rate non sono in ordine di scadenza: è voluto?")
        yield warning("instalments_order", "fees.instalments", sentence)


def _filing_windows(windows: Sequence[FilingWindow]) -> Iterator[Finding]:
    """Days of the year on which who files an ISEE is in two windows: the first written would count."""
    for index, one in enumerate(windows):
        if any(one.first <= other.last and other.first <= one.last for other in windows[:index]):
            sentence = gettext_noop(
                "Chi presenta l'ISEE in questi giorni è anche in un periodo precedente: quale vale?"
            )
            yield warning("windows_overlap", f"fees.isee.windows[{index}]", sentence)


def _of_reduction(reduction: Reduction, place: str) -> Iterator[Finding]:
    match reduction:
        case SiblingDiscounts(rows=rows) | SiblingPrices(rows=rows):
            yield from _sibling_rows(rows, f"{place}.rows")
        case IseeDiscounts(rows=discounts):
            yield from _softened(discounts, f"{place}.rows")
        case BestOf(options=options) | AddedUp(options=options):
            for index, option in enumerate(options):
                yield from _of_reduction(option, f"{place}.options[{index}]")
        case _:
            pass


def _softened(rows: Sequence[IseeRow], place: str) -> Iterator[Finding]:
    """Two rows at once are an error; a hole means no discount, which is only asked about."""
    for found in rows_findings(place, rows):
        if found.code == "overlap":
            yield found
        elif found.code == "gap":
            yield Finding(Severity.WARNING, found.code, found.place, found.template, found.params)


def _free(credit: FreeUnits) -> Iterator[Finding]:
    rows = credit.rows
    yield from _softened(rows, "fees.free_units.rows")
    yield from odd_bounds("fees.free_units.rows", rows)
    order = sorted(range(len(rows)), key=lambda index: rows[index].isee_from)
    for before, after in itertools.pairwise(order):
        if rows[after].free_units > rows[before].free_units:
            sentence = gettext_noop("Da %(start)s le unità gratuite aumentano: è voluto?")
            start = rows[after].isee_from.format()
            yield warning("amount_falls", f"fees.free_units.rows[{after}]", sentence, start=start)


def _sibling_rows(rows: Sequence[SiblingRow], place: str) -> Iterator[Finding]:
    """Rows that another one before them always takes, and children left out among brothers and sisters who are not."""
    families = [(rank, children) for children in range(1, 21) for rank in range(1, children + 1)]
    taken: set[tuple[int, int]] = set()
    for index, row in enumerate(rows):
        own = {(rank, children) for rank, children in families if row.applies(rank=rank, children=children)}
        if own <= taken:
            yield warning("unreachable", f"{place}[{index}]", _NEVER)
        taken |= own
    for children in range(2, _MANY_CHILDREN):
        ranks = [rank for rank in range(2, children + 1) if (rank, children) in taken]
        left_out = [rank for rank in range(2, children + 1) if (rank, children) not in taken]
        if ranks and left_out:
            sentence = gettext_noop("Con %(children)s figli il numero %(rank)s non ha riduzione, altri sì: è voluto?")
            yield warning("sibling_hole", place, sentence, children=str(children), rank=str(left_out[0]))
            return


def _never_replaced(tariff: Tariff, place: str) -> Iterator[Finding]:
    """Another tariff for the same children as one before it, or after one that is for everybody."""
    seen: list[tuple[object, object]] = []
    for index, other in enumerate(tariff.replacements):
        key = (other.condition, other.when)
        whole = any(condition is None and getattr(when, "everybody", False) for condition, when in seen)
        if key in seen or whole:
            yield warning("unreachable", f"{place}.replacements[{index}]", _NEVER)
        seen.append(key)


def _after_everybody(tariff: Tariff, place: str) -> Iterator[Finding]:
    """Reductions after an exemption of everybody, or written twice."""
    for index, reduction in enumerate(tariff.reductions):
        before = tariff.reductions[:index]
        if reduction in before or any(_exempts_everybody(one) for one in before):
            yield warning("unreachable", f"{place}.reductions[{index}]", _NEVER)


def _exempts_everybody(reduction: Reduction) -> bool:
    return (
        isinstance(reduction, Exemption)
        and reduction.condition is None
        and reduction.when is not None
        and reduction.when.everybody
        and reduction.isee_from == Money(0)
        and reduction.isee_to is None
    )


def _shadowed(rows: Sequence[CountRow], place: str) -> Iterator[Finding]:
    taken: set[int] = set()
    for index, row in enumerate(rows):
        end = 400 if row.count_to is None else row.count_to
        own = set(range(row.count_from, end + 1))
        if own <= taken:
            yield warning("unreachable", f"{place}[{index}]", _NEVER)
        elif own & taken:
            sentence = gettext_noop("Due righe valgono per lo stesso numero di giorni: quale delle due?")
            yield warning("count_overlap", f"{place}[{index}]", sentence)
        taken |= own


def _statements(table: FeeTable) -> Iterator[Finding]:
    """What the prose says of a figure, reckoned: the printed figure rules, a difference is asked about."""
    for index, said in enumerate(table.statements):
        unit = said.rounded_to.cents
        reckoned = Money(round_half_up(said.of.share(said.percent).as_decimal() * 100 / unit) * unit)
        if reckoned != said.printed:
            sentence = gettext_noop(
                "Il testo dice «%(text)s» e farebbe %(reckoned)s, ma è stampato %(printed)s: vale lo stampato?"
            )
            yield warning(
                "percent_disagrees",
                f"fees.statements[{index}]",
                sentence,
                text=said.text,
                reckoned=reckoned.format(),
                printed=said.printed.format(),
            )


def _dear_siblings(table: FeeTable) -> Iterator[Finding]:
    """A fixed price for brothers and sisters that is more than the lowest band."""
    if not isinstance(table.base, FlatBands):
        return
    lowest = min(band.amount for band in table.base.bands)
    for index, step in enumerate(table.reductions):
        if not isinstance(step, SiblingPrices) or step.only_if_lower:
            continue
        for number, row in enumerate(step.rows):
            if row.amount > lowest:
                yield Finding(
                    Severity.WARNING,
                    "sibling_dearer",
                    f"fees.reductions[{index}].rows[{number}]",
                    gettext_noop(
                        "Il prezzo per fratelli (%(price)s) supera la fascia più bassa (%(lowest)s): è voluto?"
                    ),
                    {"price": row.amount.format(), "lowest": lowest.format()},
                )
