"""Golden cases: prices an officer of the Comune can read and sign, checked at every change. Pure.

``cases.toml`` of a pack says for each case the facts in plain words, the amount expected and why. A case holds when the
cents are those, the explanation names the steps, and the explanation worked out again alone gives the same cents.
"""

from dataclasses import dataclass
from datetime import date

import msgspec

from services_catalog.examples import Example
from services_catalog.fee_table import Code, Count, FeeTable, Rule
from sportello.fees.dues import Due, due, free_units, replay, stock_after
from sportello.fees.facts import Facts, Use
from sportello.fees.isee_dates import Filing, counted_period, is_accepted
from sportello.fees.reductions import municipal_share
from sportello.fees.rules import enrolment_refused
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError, gettext_noop
from sportello.kernel.money import Money


class Case(Example, frozen=True, kw_only=True):
    """An example with a name and a source, which may also say more of what comes out.

    ``unit_prices`` are the prices of a unit of the tariff (``main``) and of its parts. ``reading`` says which reading
    of an unclear act is taken, ``source`` where the example is printed.
    """

    name: str
    service: Code
    unit_prices: dict[Code, Money] = msgspec.field(default_factory=dict)
    comune_pays: Money | None = None
    free_units: Count | None = None
    enrolment_refused: bool | None = None
    steps: tuple[str, ...] = ()
    source: str = ""
    reading: str = ""

    def __post_init__(self) -> None:
        wanted = (self.pays, self.refused, self.free_units, self.enrolment_refused)
        if all(one is None for one in wanted):
            raise ValueError(gettext_noop("un caso dice «pays», «refused», «free_units» o «enrolment_refused»"))

    @property
    def facts(self) -> Facts:
        """What the price depends on."""
        return facts_of(self)

    @property
    def use(self) -> Use:
        """How much of the service is used."""
        return use_of(self)


def facts_of(example: Example) -> Facts:
    """What the price of an example depends on."""
    return Facts(
        level=example.level,
        isee_cents=None if example.isee is None else example.isee.cents,
        sibling_rank=example.sibling_rank,
        children_using=max(example.children_using, example.sibling_rank),
        conditions=frozenset(example.conditions),
        resident=example.resident,
        isee_state=example.isee_state,
        minors=example.minors,
        enrolled=example.enrolled,
        members=example.members,
        income_cents=None if example.income is None else example.income.cents,
        amounts=frozenset((name, amount.cents) for name, amount in example.amounts.items()),
    )


def use_of(example: Example) -> Use:
    """How much of the service an example uses."""
    return Use(units=example.units, counts=example.counts, month=example.month)


def came_out(example: Example, table: FeeTable) -> Due | DomainError:
    """What a table makes of an example: what is due, or why it gives no amount."""
    try:
        return due(table, facts_of(example), use_of(example))
    except DomainError as error:
        return error


class FilingCase(Rule, frozen=True, kw_only=True):
    """An ISEE filed on a day, and the days on which it counts; ``valid_from``, ``valid_to`` are its INPS validity."""

    name: str
    filed_on: date
    dsu_on: date | None = None
    issued_on: date | None = None
    valid_from: date
    valid_to: date
    accepted: bool = True
    counts_from: date | None = None
    counts_on: date | None = None
    counts_to: date | None = None
    because: str
    source: str = ""
    reading: str = ""


class StockCase(Rule, frozen=True, kw_only=True):
    """Prepaid units before and after some are used."""

    name: str
    left: int
    eaten: Count
    leaves: int
    suspended: bool = False
    because: str
    source: str = ""
    reading: str = ""


class PackCases(Rule, frozen=True, kw_only=True):
    """The file ``cases.toml`` of a pack, or the cases beside a fee table."""

    cases: tuple[Case, ...] = ()
    filings: tuple[FilingCase, ...] = ()
    stocks: tuple[StockCase, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that does not come out as signed: what came out, or why nothing did."""

    case: Case | FilingCase | StockCase
    found: Due | None
    reason: str


def failures(cases: tuple[Case, ...], table: FeeTable) -> list[Failure]:
    """The cases the fee table does not satisfy; none when all hold."""
    failed = []
    for case in cases:
        found = came_out(case, table)
        if isinstance(found, DomainError):
            if found.code != case.refused:
                failed.append(Failure(case, None, found.message))
            continue
        failed += [Failure(case, found, reason) for reason in _differences(case, found, table)]
    return failed


def other_failures(cases: PackCases, table: FeeTable) -> list[Failure]:
    """The filings and the stocks that do not come out as signed."""
    failed: list[Failure] = []
    for filing in cases.filings:
        failed += [Failure(filing, None, reason) for reason in _filing_differences(filing, table)]
    for stock in cases.stocks:
        after = stock_after(stock.left, stock.eaten, table.credit)
        if (after.left, after.suspended) != (stock.leaves, stock.suspended):
            failed.append(Failure(stock, None, f"{after.left}, {after.suspended}"))
    return failed


def _differences(case: Case, found: Due, table: FeeTable) -> list[str]:
    """In what the case came out otherwise."""
    prices = {part.code or "main": part.price.amount for part in found.parts}
    codes = tuple(step.code for step in found.all_steps())
    checks: list[tuple[object, object]] = [
        (found.amount, case.pays if case.pays is not None else found.amount),
        ("", case.refused or ""),
        (found.amount, replay(found)),
        ({name: prices.get(name) for name in case.unit_prices}, case.unit_prices),
        (codes if case.steps else (), case.steps),
    ]
    if case.comune_pays is not None and table.full_cost is not None:
        checks.append((municipal_share(table.full_cost, prices["main"]), case.comune_pays))
    if case.free_units is not None:
        checks.append((free_units(table.free_units, case.facts), case.free_units))
    if case.enrolment_refused is not None:
        checks.append((enrolment_refused(table.arrears, case.facts.conditions), case.enrolment_refused))
    return [f"{got} ≠ {wanted}" for got, wanted in checks if got != wanted]


def _filing_differences(case: FilingCase, table: FeeTable) -> list[str]:
    filing = Filing(filed_on=case.filed_on, dsu_on=case.dsu_on, issued_on=case.issued_on)
    accepted = is_accepted(table.isee, filing)
    if accepted != case.accepted:
        return [f"{accepted} ≠ {case.accepted}"]
    held = counted_period(table.isee, filing, DateRange.inclusive(case.valid_from, case.valid_to))
    if not accepted or held is None:
        return [] if case.counts_from is None else [f"- ≠ {case.counts_from}"]
    different = []
    if case.counts_from not in (None, held.start):
        different.append(f"{held.start} ≠ {case.counts_from}")
    if case.counts_to not in (None, held.last_day):
        different.append(f"{held.last_day} ≠ {case.counts_to}")
    if case.counts_on is not None and case.counts_on not in held:
        different.append(f"{case.counts_on} ∉ {held.start} - {held.last_day}")
    return different
