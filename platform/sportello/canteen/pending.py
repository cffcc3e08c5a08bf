"""What children owe for the meals of months that are not closed yet, and why."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from services_catalog.models import Service
from sportello.canteen.models import MonthClose
from sportello.canteen.month import Month
from sportello.enrolment.charge_reckoning import owed_by
from sportello.enrolment.charging_rules import Owed
from sportello.enrolment.competences import limits_meals
from sportello.families.models import Child
from sportello.fees.models import PriceDecision, PriceUnit
from sportello.fees.telling import Told, tell, tell_decision
from sportello.kernel.money import Money

type Days = Mapping[date, bool]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Meals not charged yet, what they will cost, and why: the price of one, or where ``together`` all of a month."""

    meals: int
    amount: Money
    told: Told
    together: bool = False


class Pending:
    """What is not charged yet: the months closed, and the prices of some children; two queries.

    Where some meals of the month are free or their sum has a limit, each open month is reckoned as its close would.
    """

    def __init__(self, children: Collection[Child], service: Service, days: Mapping[int, Days]) -> None:
        closed = MonthClose.objects.filter(service=service).order_by("month").values_list("month", flat=True)
        self._closed = {Month.of(day) for day in closed}
        self._prices: dict[int, list[PriceDecision]] = {}
        held = PriceDecision.objects.in_force().filter(child__in=children, service=service, unit=PriceUnit.MEAL)
        for price in held.select_related("edition"):
            self._prices.setdefault(price.child_id, []).append(price)
        self._by_the_month = {
            price.edition_id: price.edition
            for prices in self._prices.values()
            for price in prices
            if limits_meals(price.edition.rules.fees)
        }
        self._owed = self._reckoned(service, days) if self._by_the_month else {}

    def of(self, child: Child, days: Days) -> Iterator[Waiting]:
        """Meals served in months that are still open, by the price or in the month they will be charged at."""
        prices, eaten = self._prices.get(child.pk, ()), self._open(days)
        for price in prices:
            meals = sum(day in price.period for day in eaten)
            if meals and price.edition_id not in self._by_the_month:
                yield Waiting(meals, price.unit_price * meals, tell_decision(price))
        summed = [price.period for price in prices if price.edition_id in self._by_the_month]
        for month, owed in self._owed.items():
            meals = sum(Month.of(day) == month and any(day in period for period in summed) for day in eaten)
            for one in owed.get(child.pk, ()) if meals else ():
                if edition := self._by_the_month.get(one.edition_id) if not one.part else None:
                    yield Waiting(meals, one.amount, tell(one.amount, "", one.steps, edition), together=True)

    def _open(self, days: Days) -> list[date]:
        return [day for day, ate in days.items() if ate and Month.of(day) not in self._closed]

    def _reckoned(self, service: Service, days: Mapping[int, Days]) -> dict[Month, dict[int, list[Owed]]]:
        months = {Month.of(day) for eaten in days.values() for day in self._open(eaten)}
        return {month: owed_by(service, month, list(self._prices)) for month in sorted(months)}
