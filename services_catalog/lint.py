"""The reader over the officer's shoulder: holes, overlaps, odd jumps and open assumptions of an edition.

It asks and never guesses: each finding is a question with a place. An error keeps an edition from being put in
force; a warning and a declared assumption only have to be seen.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services_catalog.fee_table import Band, CostShare, FeeTable, FlatBands, IseeRow, SiblingPrices, SinglePrice
from services_catalog.schema import EditionContent
from sportello.kernel.errors import gettext_noop, told
from sportello.kernel.money import Money

_CENT = Money(1)


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True)
class Finding:
    """A question to the office: ``template`` with ``params`` as in DomainError, and the place it speaks of."""

    severity: Severity
    code: str
    place: str
    template: str
    params: dict[str, str]

    @property
    def message(self) -> str:
        """The question in the reader's language."""
        return told(self.template, self.params)


def lint(content: EditionContent) -> list[Finding]:
    """Every finding of an edition, in the order of its parts."""
    return [
        *lint_fees(content.fees),
        *_unpriced_levels(content),
        *_windows(content),
        *_assumptions(content),
    ]


def lint_fees(table: FeeTable) -> list[Finding]:
    """The findings of the fee table alone: what the editor shows beside its rows."""
    findings: list[Finding] = []
    bases = [("fees.base", table.base)]
    bases += [(f"fees.replacements[{index}].base", item.base) for index, item in enumerate(table.replacements)]
    for place, base in bases:
        match base:
            case FlatBands(bands=bands):
                findings += [*_rows(place, bands), *_jumps(place, bands)]
            case CostShare(bands=shares):
                findings += _rows(place, shares)
            case SinglePrice():
                pass
    return findings + list(_dear_siblings(table))


def errors_of(findings: Sequence[Finding]) -> list[Finding]:
    """Those that keep an edition from being put in force."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _rows(place: str, rows: Sequence[IseeRow]) -> Iterator[Finding]:
    """Holes and overlaps at the cent, over the whole of 0,00 to no end."""
    order = sorted(range(len(rows)), key=lambda index: rows[index].isee_from)
    expected: Money | None = Money(0)
    for index in order:
        row, where = rows[index], f"{place}.bands[{index}]"
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
            f"{place}.bands[{order[-1]}]",
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


def _jumps(place: str, bands: Sequence[Band]) -> Iterator[Finding]:
    """An amount that falls as the ISEE grows, or more than triples at a bound: likely a misprint."""
    order = sorted(range(len(bands)), key=lambda index: bands[index].isee_from)
    for before, after in itertools.pairwise(order):
        low, high = bands[before].amount, bands[after].amount
        params = {"low": low.format(), "high": high.format(), "start": bands[after].isee_from.format()}
        where = f"{place}.bands[{after}]"
        if high < low:
            sentence = gettext_noop("Da %(start)s si paga meno di prima (%(high)s invece di %(low)s): è voluto?")
            yield Finding(Severity.WARNING, "amount_falls", where, sentence, params)
        elif low and high.cents > 3 * low.cents:
            sentence = gettext_noop("Da %(start)s si passa da %(low)s a %(high)s: è voluto?")
            yield Finding(Severity.WARNING, "jump", where, sentence, params)


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


def _unpriced_levels(content: EditionContent) -> Iterator[Finding]:
    if not isinstance(content.fees.base, CostShare):
        return
    priced = {cost.level for cost in content.fees.base.unit_costs}
    for level in content.audience.levels:
        if level not in priced:
            yield Finding(
                Severity.ERROR,
                "level_without_cost",
                "fees.base.unit_costs",
                gettext_noop("Manca il costo unitario per il grado «%(level)s»."),
                {"level": level},
            )


def _windows(content: EditionContent) -> Iterator[Finding]:
    """Windows that overlap, and an edition nobody can apply to."""
    order = sorted(range(len(content.windows)), key=lambda index: content.windows[index].opens)
    if not order:
        sentence = gettext_noop("Nessuna finestra di iscrizione: nessuno potrà fare domanda.")
        yield Finding(Severity.WARNING, "no_window", "windows", sentence, {})
    for before, after in itertools.pairwise(order):
        first, second = content.windows[before], content.windows[after]
        if second.opens <= first.closes:
            sentence = gettext_noop("Le finestre «%(first)s» e «%(second)s» si sovrappongono: è voluto?")
            params = {"first": first.label.it, "second": second.label.it}
            yield Finding(Severity.WARNING, "windows_overlap", f"windows[{after}]", sentence, params)


def _assumptions(content: EditionContent) -> Iterator[Finding]:
    """What was supposed for want of an act, wherever it stands in the edition."""
    for place, text in _supposed(content):
        sentence = gettext_noop("Ipotesi da confermare: %(text)s")
        yield Finding(Severity.ASSUMPTION, "assumption", place, sentence, {"text": text})
    for index, question in enumerate(content.fees.open_questions):
        sentence = gettext_noop("Domanda aperta: %(text)s")
        yield Finding(
            Severity.ASSUMPTION, "open_question", f"fees.open_questions[{index}]", sentence, {"text": question}
        )


def _supposed(content: EditionContent) -> Iterator[tuple[str, str]]:
    yield from ((f"assumptions[{index}]", text) for index, text in enumerate(content.assumptions))
    base = content.fees.base
    rows: Sequence[IseeRow] = base.bands if isinstance(base, FlatBands | CostShare) else ()
    yield from ((f"fees.base.bands[{index}]", row.assumption) for index, row in enumerate(rows) if row.assumption)
    for index, step in enumerate(content.fees.reductions):
        for number, row in enumerate(getattr(step, "rows", ())):
            if row.assumption:
                yield f"fees.reductions[{index}].rows[{number}]", row.assumption
    if content.fees.siblings.assumption:
        yield "fees.siblings", content.fees.siblings.assumption
    if content.calendar.assumption:
        yield "calendar", content.calendar.assumption
