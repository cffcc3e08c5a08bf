"""The answer to "Quanto pagherei?": line by line for each child and service, the charges of the year, the totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from services_catalog.models import Edition
from sportello.desk.quote_form import Stated, StatedChild
from sportello.desk.quote_services import QuotedYear
from sportello.fees.simulated_use import DueOnce
from sportello.fees.simulating import PlannedChild, PlannedHousehold, Simulated, simulate
from sportello.fees.telling import Told, tell, tell_price
from sportello.fees.timeline import IseeSpan
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money

_NOTHING: Final = Money(0)


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge of the year: when, for how much use, how much."""

    day: date
    monthly: bool
    use: str
    amount: Money


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A child in a service. ``why`` explains the price of a unit, ``first_charge`` the first amount to pay."""

    child: str
    service: str
    to_confirm: bool
    use: str = ""
    why: Told | None = None
    first_charge: Told | None = None
    charges: tuple[ChargeLine, ...] = ()
    instalments: tuple[tuple[date, Money], ...] = ()
    monthly: Money = _NOTHING
    total: Money = _NOTHING
    dates_to_confirm: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The lines, and what the household would pay in a month (on the average) and in the school year."""

    lines: tuple[QuoteLine, ...]

    @property
    def monthly(self) -> Money:
        """The sum of the months."""
        return Money.sum(line.monthly for line in self.lines)

    @property
    def total(self) -> Money:
        """The sum of the years."""
        return Money.sum(line.total for line in self.lines)

    @property
    def is_single(self) -> bool:
        """Whether one child and one service were asked about."""
        return len(self.lines) == 1

    @property
    def is_complete(self) -> bool:
        """Whether every line has an amount."""
        return not any(line.failure for line in self.lines)

    @property
    def dates_to_confirm(self) -> bool:
        """Whether the school calendar of some of the years is not settled yet."""
        return any(line.dates_to_confirm for line in self.lines)

    @property
    def to_confirm(self) -> bool:
        """Whether some fee is not that of a real act yet."""
        return any(line.to_confirm for line in self.lines)


def planned_household(stated: Stated, years: Sequence[QuotedYear]) -> PlannedHousehold:
    """The household as the simulation takes it; the ISEE is taken to count, unchanged, for the whole of the years."""
    start = min((year.quoted.year.start for year in years), default=date.min)
    isee = () if stated.isee is None else (IseeSpan(DateRange(start), stated.isee.cents, (False,)),)

    @cache  # two children of one school use the service on the same days
    def days(place: int, school_code: str, level: str, times: int | None) -> tuple[date, ...]:
        return years[place].days(school_code=school_code, level=level, first_month=stated.first_month, times=times)

    def planned(child: StatedChild) -> PlannedChild:
        used = [(place, year.quoted.code) for place, year in enumerate(years) if year.quoted.code in child.services]
        of_child = {code: days(place, child.school_code, child.level, child.services[code]) for place, code in used}
        return PlannedChild(child.level, child.conditions, of_child)

    return PlannedHousehold(tuple(planned(child) for child in stated.children), isee, stated.resident)


def answered(stated: Stated, household: PlannedHousehold, years: Sequence[QuotedYear]) -> Answer:
    """What each child would pay for each service stated, in the order of the children."""
    found: dict[tuple[int, str], QuoteLine] = {}
    for year in years:
        for one in simulate(household, year.planned()):
            found[one.child, year.quoted.code] = _line(one, stated.children[one.child].name, year)
    lines = [
        found.get((place, year.quoted.code)) or _not_for_her(child, year)
        for place, child in enumerate(stated.children)
        for year in years
        if year.quoted.code in child.services
    ]
    return Answer(tuple(lines))


def _not_for_her(child: StatedChild, year: QuotedYear) -> QuoteLine:
    """A service without a day for the child: another school, or a year that is over by then."""
    if child.level not in year.quoted.levels:
        reason = _("Questo servizio non c'è per la scuola scelta.")
    else:
        reason = _("Da quel mese il servizio non ha più giorni.")
    return QuoteLine(child.name, year.quoted.title, to_confirm=False, failure=reason)


def _line(one: Simulated, name: str, year: QuotedYear) -> QuoteLine:
    to_confirm = not year.quoted.is_confirmed
    if one.failure is not None or one.first is None:
        reason = str(one.failure) if one.failure else _("In quei giorni non c'è una tariffa in vigore.")
        return QuoteLine(name, year.quoted.title, to_confirm, failure=reason)
    edition = year.editions[one.first.edition_id]
    why = tell_price(one.first.price, edition)
    return QuoteLine(
        child=name,
        service=year.quoted.title,
        to_confirm=to_confirm,
        use=_use_of_year(one),
        why=why,
        first_charge=_first_charge(one.charges[0], edition),
        charges=tuple(_charge(charge, one) for charge in one.charges),
        instalments=tuple((part.due_on, amount) for part, amount in one.instalments),
        monthly=one.monthly,
        total=one.total,
        dates_to_confirm=not year.quoted.dates_are_confirmed,
    )


def _first_charge(charge: DueOnce, edition: Edition) -> Told | None:
    return tell(charge.amount, "", charge.steps, edition)


def _charge(charge: DueOnce, one: Simulated) -> ChargeLine:
    unit = one.first.price.unit if one.first else "month"
    return ChargeLine(charge.first_day, charge.monthly, _counted(unit, charge.units), charge.amount)


def _use_of_year(one: Simulated) -> str:
    if one.first is None:
        return ""
    return _counted(one.first.price.unit, sum(charge.units for charge in one.charges))


def _counted(unit: str, number: int) -> str:
    """So many units, in words: "18 pasti"."""
    match unit:
        case "meal":
            text = ngettext("%(n)s pasto", "%(n)s pasti", number)
        case "day":
            text = ngettext("%(n)s giorno", "%(n)s giorni", number)
        case "block":
            text = ngettext("%(n)s blocchetto", "%(n)s blocchetti", number)
        case "month":
            text = ngettext("%(n)s mese", "%(n)s mesi", number)
        case "period":
            text = ngettext("%(n)s periodo", "%(n)s periodi", number)
        case _:
            text = ngettext("%(n)s anno scolastico", "%(n)s anni scolastici", number)
    return text % {"n": number}
