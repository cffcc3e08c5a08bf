"""Questions about where prices start: holes, overlaps, falls, leaps, odd bounds, shares against printed prices."""

import itertools
from collections.abc import Iterator, Sequence

from services_catalog.fee_table import (
    Base,
    CostShare,
    ExcessSlope,
    FeeTable,
    FlatBands,
    IseeRow,
    Matrix,
    Percent,
    PiecewiseLinear,
    Segment,
    SinglePrice,
    StatedAmount,
    Tariff,
)
from services_catalog.findings import Finding, Severity, warning
from services_catalog.lint_columns import column_findings
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

_CENT = Money(1)


def base_findings(table: FeeTable) -> Iterator[Finding]:
    """The questions about every base of a table."""
    falls = Severity.ERROR if table.never_falls else Severity.WARNING
    for where, tariff in table.tariffs():
        for below, base in tariff.bases():
            place = f"{where}.{below}"
            yield from _of_base(base, place, falls)
            yield from _above_maximum(base, tariff, place)


def _of_base(base: Base, place: str, falls: Severity) -> Iterator[Finding]:
    match base:
        case FlatBands(bands=bands):
            yield from rows_findings(f"{place}.bands", bands)
            yield from _jumps(f"{place}.bands", [(row, row.amount) for row in bands], falls)
            yield from odd_bounds(f"{place}.bands", bands)
        case CostShare():
            yield from rows_findings(f"{place}.bands", base.bands)
            yield from odd_bounds(f"{place}.bands", base.bands)
            yield from _shares(base, place, falls)
        case PiecewiseLinear(segments=segments):
            yield from rows_findings(f"{place}.segments", segments)
            yield from _breaks(f"{place}.segments", segments, falls)
        case Matrix(columns=columns, rows=rows):
            yield from rows_findings(f"{place}.rows", rows)
            for number in range(len(columns)):
                yield from _jumps(f"{place}.rows", [(row, row.amounts[number]) for row in rows], falls)
            yield from odd_bounds(f"{place}.rows", rows)
            yield from column_findings(columns, f"{place}.columns")
        case StatedAmount(to_confirm=True):
            sentence = gettext_noop("Tariffe da confermare: scrivi gli importi stabiliti dall'atto.")
            yield Finding(Severity.ERROR, "fees_to_confirm", place, sentence, {})
        case ExcessSlope(highest=None):
            sentence = gettext_noop("Senza un massimo, quanto paga chi non presenta l'ISEE?")
            yield warning("no_amount_without_isee", place, sentence)
        case _:
            pass


def rows_findings(place: str, rows: Sequence[IseeRow]) -> Iterator[Finding]:
    """Holes and overlaps at the cent, over the whole of 0,00 to no end."""
    order = sorted(range(len(rows)), key=lambda index: rows[index].isee_from)
    expected: Money | None = Money(0)
    for index in order:
        row, where = rows[index], f"{place}[{index}]"
        if expected is None or row.isee_from < expected:
            yield _overlap(where, row, expected)
        elif row.isee_from > expected:
            yield _gap(where, expected, row.isee_from - _CENT)
        if row.isee_to is None:
            expected = None
        elif expected is not None:
            expected = max(expected, row.isee_to + _CENT)
    if expected is not None:
        yield Finding(
            Severity.ERROR,
            "no_top_band",
            f"{place}[{order[-1]}]",
            gettext_noop("Nessuna fascia vale per un ISEE da %(start)s in su: quanto paga?"),
            {"start": expected.format()},
        )


def _gap(place: str, start: Money, end: Money) -> Finding:
    params = {"start": start.format(), "end": end.format()}
    sentence = gettext_noop("Manca la fascia da %(start)s a %(end)s: quanto paga chi ha un ISEE in mezzo?")
    return Finding(Severity.ERROR, "gap", place, sentence, params)


def _overlap(place: str, row: IseeRow, expected: Money | None) -> Finding:
    ends = [bound for bound in (row.isee_to, None if expected is None else expected - _CENT) if bound is not None]
    params = {"start": row.isee_from.format(), "end": min(ends).format() if ends else "…"}
    sentence = gettext_noop("Da %(start)s a %(end)s valgono due fasce: quale delle due?")
    return Finding(Severity.ERROR, "overlap", place, sentence, params)


def _jumps(place: str, rows: Sequence[tuple[IseeRow, Money]], falls: Severity) -> Iterator[Finding]:
    """An amount that falls as the ISEE grows, or more than triples at a bound: likely a misprint."""
    order = sorted(range(len(rows)), key=lambda index: rows[index][0].isee_from)
    for before, after in itertools.pairwise(order):
        low, (row, high) = rows[before][1], rows[after]
        params = {"low": low.format(), "high": high.format(), "start": row.isee_from.format()}
        where = f"{place}[{after}]"
        if high < low:
            yield Finding(falls, "amount_falls", where, _FALLS, params)
        elif low and high.cents > 3 * low.cents:
            sentence = gettext_noop("Da %(start)s si passa da %(low)s a %(high)s: è voluto?")
            yield warning("jump", where, sentence, **params)


_FALLS = gettext_noop("Da %(start)s si paga meno di prima (%(high)s invece di %(low)s): è voluto?")


def _breaks(place: str, segments: Sequence[Segment], falls: Severity) -> Iterator[Finding]:
    """Lines that go down, or do not meet where one ends and the next begins."""
    order = sorted(range(len(segments)), key=lambda index: segments[index].isee_from)
    for index in order:
        line = segments[index]
        if line.end_amount < line.amount_from:
            params = {
                "start": line.isee_from.format(),
                "low": line.amount_from.format(),
                "high": line.end_amount.format(),
            }
            yield Finding(falls, "amount_falls", f"{place}[{index}]", _FALLS, params)
    for before, after in itertools.pairwise(order):
        low, high = segments[before].end_amount, segments[after].amount_from
        params = {"low": low.format(), "high": high.format(), "start": segments[after].isee_from.format()}
        if high < low:
            yield Finding(falls, "amount_falls", f"{place}[{after}]", _FALLS, params)
        elif high != low:
            sentence = gettext_noop("Un centesimo di ISEE, a %(start)s, porta da %(low)s a %(high)s: è voluto?")
            yield warning("line_breaks", f"{place}[{after}]", sentence, **params)


def odd_bounds(place: str, rows: Sequence[IseeRow]) -> Iterator[Finding]:
    """Bands that end at 99 cents: often the act meant whole euro and the next bound a cent later. Asked once."""
    for index, row in enumerate(rows):
        if row.isee_to is not None and row.isee_to.cents % 100 == 99:
            sentence = gettext_noop("La fascia finisce a %(end)s: il limite è al centesimo o in euro interi?")
            yield warning("cents_boundary", f"{place}[{index}]", sentence, end=row.isee_to.format())
            return


def _shares(base: CostShare, place: str, falls: Severity) -> Iterator[Finding]:
    """A share that falls as the ISEE grows; a printed price that is not the share of the cost."""
    order = sorted(range(len(base.bands)), key=lambda index: base.bands[index].isee_from)
    for before, after in itertools.pairwise(order):
        low, row = base.bands[before].share_percent, base.bands[after]
        if row.share_percent < low:
            params = {
                "low": f"{_comma(low)} %",
                "high": f"{_comma(row.share_percent)} %",
                "start": row.isee_from.format(),
            }
            yield Finding(falls, "amount_falls", f"{place}.bands[{after}]", _FALLS, params)
    cost = base.unit_costs[0].unit_cost
    for index, row in enumerate(base.bands):
        reckoned = cost.share(row.share_percent)
        if row.printed is not None and row.printed != reckoned:
            sentence = gettext_noop(
                "Il %(percent)s %% di %(cost)s fa %(reckoned)s, ma è stampato %(printed)s: vale lo stampato?"
            )
            yield warning(
                "printed_differs",
                f"{place}.bands[{index}]",
                sentence,
                percent=_comma(row.share_percent),
                cost=cost.format(),
                reckoned=reckoned.format(),
                printed=row.printed.format(),
            )


def _comma(percent: Percent) -> str:
    return f"{percent:f}".replace(".", ",")


def _above_maximum(base: Base, tariff: Tariff, place: str) -> Iterator[Finding]:
    """Amounts that the maximum never lets be paid."""
    if tariff.maximum is None:
        return
    for below, amount in _amounts(base):
        if amount > tariff.maximum:
            sentence = gettext_noop("%(amount)s è più del massimo %(maximum)s: questa riga non si paga mai. È voluto?")
            params = {"amount": amount.format(), "maximum": tariff.maximum.format()}
            yield warning("unreachable", f"{place}{below}", sentence, **params)


def _amounts(base: Base) -> Iterator[tuple[str, Money]]:
    """The least that each row of a base gives, with its place below the base; of a slope its ends."""
    match base:
        case FlatBands(bands=bands):
            yield from ((f".bands[{index}]", row.amount) for index, row in enumerate(bands))
        case PiecewiseLinear(segments=segments):
            rows = enumerate(segments)
            yield from ((f".segments[{index}]", min(row.amount_from, row.end_amount)) for index, row in rows)
        case Matrix(rows=cells):
            yield from ((f".rows[{index}]", min(row.amounts)) for index, row in enumerate(cells))
        case ExcessSlope(lowest=lowest, highest=highest):
            yield from ((".lowest", lowest), *(() if highest is None else ((".highest", highest),)))
        case SinglePrice(amount=amount):
            yield "", amount
        case _:
            pass
