"""The reckoning of a month of a service: what every child owes, what the ledger holds, and so what is to be posted.

Nothing is written here: the preview of the office and the charging read the same figures.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from services_catalog.models import Edition, Service
from sportello.billing.posting import EntryLine
from sportello.enrolment.charge_lines import LineWriter, key_prefixes, slot_of
from sportello.enrolment.charge_reading import UsesOfService, charged_editions, horizon_of, uses_of
from sportello.enrolment.charging_rules import Owed, Posted, Slot, changes, owed, reads_register, unpriced_days
from sportello.enrolment.competences import Frame, charged_here, span_of
from sportello.enrolment.registers import LABELS
from sportello.fees.facts import FactNotGiven
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.kernel.month import Month
from sportello.kernel.school_year import SchoolYear

_POSTED = """
SELECT account.child_id, entry.idempotency_key, entry.amount_cents, entry.id
FROM billing_entry entry JOIN billing_ledgeraccount account ON account.id = entry.account_id
WHERE entry.idempotency_key LIKE ANY(%(prefixes)s) ORDER BY entry.id
"""


type _Wanted = tuple[dict[int, list[Owed]], dict[int, str], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """What a service costs its children in a month by part and time: children and amount, for people to check."""

    part: str
    span: str
    children: int
    amount: Money


@dataclass(frozen=True, slots=True)
class ChargeReckoning:
    """A month of a service reckoned. ``lines`` are what is not in the ledger yet.

    ``left_out`` counts the children who cannot be charged by the reason; ``unpriced`` are those (by id) without a price
    on some of ``priced_days``.
    ``waits_for_end``: an amount depends on what is counted until the last day of the month.
    ``has_quotas``: the service has something that months charge.
    """

    month: Month
    children: int
    by_part: tuple[Line, ...]
    left_out: Mapping[str, int]
    unpriced: tuple[int, ...]
    priced_days: DateRange
    waits_for_end: bool
    has_quotas: bool
    lines: tuple[EntryLine, ...]

    @property
    def whole(self) -> Money:
        """What falls due for the month in all."""
        return Money.sum(line.amount for line in self.by_part)

    @property
    def to_post(self) -> Money:
        """The sum of the lines: negative when the families are charged."""
        return Money.sum(line.amount for line in self.lines)

    def may_run(self, today: date) -> bool:
        """Whether the month has come: its first day, or the day after its last where days are counted."""
        return today >= (self.month.next.first_day if self.waits_for_end else self.month.first_day)


def reckon_charges(service: Service, month: Month) -> ChargeReckoning:
    """Reckon the month; a fixed number of queries whatever the number of children."""
    editions = charged_editions(service, month)
    if not editions:
        return ChargeReckoning(month, 0, (), {}, (), month.period, waits_for_end=False, has_quotas=False, lines=())
    uses = uses_of(service, month, editions)
    frame = Frame(month=month, begins=_begins(editions.values()), horizon=horizon_of(service, month))
    posted = _posted(service, month)
    writer = LineWriter(service, frame, editions)
    within = _priced_days(editions.values(), frame)
    wanted, left_out, unpriced = _wanted(uses, frame, within)
    lines = [
        line
        for child in sorted({*wanted, *posted} - left_out.keys())
        for change in changes(wanted.get(child, ()), posted.get(child, {}))
        if (line := writer.line(child, change)) is not None
    ]
    return ChargeReckoning(
        month=month,
        children=sum(bool(found) for found in wanted.values()),
        by_part=_by_part(found for child in wanted for found in wanted[child]),
        left_out=Counter(left_out.values()),
        unpriced=unpriced,
        priced_days=within,
        waits_for_end=any(reads_register(edition.rules.fees) for edition in editions.values()),
        has_quotas=True,
        lines=tuple(lines),
    )


def owed_by(service: Service, month: Month, children: Collection[int]) -> dict[int, list[Owed]]:
    """What some children (by id) would owe if the month were charged now; who cannot be charged is not in it."""
    editions = charged_editions(service, month)
    if not editions or not children:
        return {}
    frame = Frame(month=month, begins=_begins(editions.values()), horizon=horizon_of(service, month))
    wanted, _left_out, _unpriced = _wanted(uses_of(service, month, editions, children), frame, month.period)
    return wanted


def _begins(editions: Iterable[Edition]) -> Month:
    """The month in which the service of the year begins, for the first of those it is for."""
    return Month.of(min(span.first_day for edition in editions for span in edition.rules.calendar.spans))


def _priced_days(editions: Iterable[Edition], frame: Frame) -> DateRange:
    """The days on which a price is needed: of the month, or of the year where some amount is of a year or a period."""
    tariffs = [tariff for edition in editions for _place, tariff, _code in charged_here(edition.rules.fees)]
    monthly = all(span_of(tariff.unit) == "month" for tariff in tariffs)
    return frame.month.period if monthly else frame.year.period


def _wanted(uses: UsesOfService, frame: Frame, within: DateRange) -> _Wanted:
    """What each child owes; why some owe nobody knows what; those for want of a price."""
    found: dict[int, list[Owed]] = {}
    left_out: dict[int, str] = {}
    unpriced: list[int] = []
    for child, use in uses.of_child.items():
        if child in uses.unplaced:
            left_out[child] = _("Non risulta in nessuna classe.")
        elif unpriced_days(use, within):
            left_out[child] = _("Non ha una tariffa decisa per tutti i giorni.")
            unpriced.append(child)
        else:
            try:
                found[child] = owed(use, frame)
            except DomainError as error:
                left_out[child] = _reason(error)
    return found, left_out, tuple(unpriced)


def _reason(error: DomainError) -> str:
    """Why a child cannot be charged; a count of the register by the name the office knows."""
    name = str(error.params.get("name", "")) if isinstance(error, FactNotGiven) else ""
    return _("Nel registro manca: %(what)s.") % {"what": _(LABELS[name]).lower()} if name in LABELS else str(error)


def _by_part(every: Iterable[Owed]) -> tuple[Line, ...]:
    amounts: dict[tuple[str, str], list[Money]] = defaultdict(list)
    for one in every:
        amounts[one.part, one.competence.span].append(one.amount)
    return tuple(Line(part, span, len(found), Money.sum(found)) for (part, span), found in sorted(amounts.items()))


def _posted(service: Service, month: Month) -> dict[int, dict[Slot, Posted]]:
    """What the ledger holds of the month and of its school year, by child and line; one query."""
    found: dict[int, dict[Slot, Posted]] = defaultdict(dict)
    year = SchoolYear.of(month.first_day)
    with connection.cursor() as cursor:
        # In LIKE an underscore stands for any character, and the code of a service may hold one.
        prefixes = [prefix.replace("_", r"\_") + "%" for prefix in key_prefixes(service, month, year)]
        cursor.execute(_POSTED, {"prefixes": prefixes})
        for child, key, cents, entry in cursor.fetchall():
            slot = slot_of(key)
            known = found[child].get(slot, Posted(0, 0, entry))
            found[child][slot] = Posted(known.cents - cents, known.entries + 1, known.first_entry_id)
    return found
