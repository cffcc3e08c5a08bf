"""The statement of a family (visura del dovuto): all children, all services, meals and money on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services_catalog.fees.payment import PaymentPolicy
from services_catalog.models import Archetype, Service
from sportello.accounts.models import Account
from sportello.billing.carts.history import History, history_of
from sportello.billing.carts.offer import Item, Offer, offer_of
from sportello.billing.carts.policies import payment_policies
from sportello.billing.carts.purse import Purse, purse_of
from sportello.billing.debts.parts import seen_parts
from sportello.billing.documents.certificates import years_paid_by
from sportello.billing.documents.nido import nido_years_of
from sportello.billing.models import LedgerAccount
from sportello.canteen.queries import with_canteen
from sportello.canteen.statement import MealStatement, meal_statements
from sportello.families.models import Act, Child, Pupil
from sportello.families.queries import children_for, placements_on
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ServiceDues:
    """One service of a child: what she owes on it, or has on it; `tops_up` where it is paid in advance."""

    service: Service
    account: LedgerAccount | None
    owed: Money
    tops_up: bool = False

    @property
    def due(self) -> Money:
        return Money(max(0, self.owed.cents))

    @property
    def credit(self) -> Money:
        return Money(max(0, -self.owed.cents))

    @property
    def is_canteen(self) -> bool:
        return self.service.archetype == Archetype.MEALS


@dataclass(frozen=True, slots=True)
class ChildDues:
    """One child: its services, its meals where it eats at school, what may be paid for it alone."""

    child: Child
    placement: Pupil | None
    services: tuple[ServiceDues, ...]
    meals: MealStatement | None
    is_own: bool

    @property
    def due(self) -> Money:
        return Money.sum(service.due for service in self.services)

    @property
    def credit(self) -> Money:
        return Money.sum(service.credit for service in self.services)


@dataclass(frozen=True, slots=True)
class FamilyDues:
    """The whole page."""

    purse: Purse
    offer: Offer
    children: tuple[ChildDues, ...]
    history: History
    policies: dict[str, PaymentPolicy]
    certified: list[int]
    nido_years: list[int]
    now: datetime

    @property
    def to_choose(self) -> tuple[Item, ...]:
        """What can be chosen now."""
        return tuple(item for item in self.offer.items if not item.checking)

    @property
    def checking(self) -> tuple[Item, ...]:
        """What was paid a moment ago and waits for its receipt."""
        return tuple(item for item in self.offer.items if item.checking)

    @property
    def credit(self) -> Money:
        return Money.sum(child.credit for child in self.children)

    @property
    def eats(self) -> bool:
        """Whether the canteen knows one of the children."""
        return any(child.meals for child in self.children)


def family_dues(account: Account, *, year: int | None, now: datetime) -> FamilyDues:
    """The statement of all children she may pay for; a number of queries that grows with nothing."""
    today = now.astimezone(ROME).date()
    purse = purse_of(account, today)
    offer = offer_of(purse, now)
    children = list(purse.children.values())
    services = list(Service.objects.order_by("name"))
    serves_meals = any(service.archetype == Archetype.MEALS for service in services)
    canteen = list(with_canteen(children_for(account, Act.PAY, today))) if serves_meals else []
    parts = seen_parts({child: purse.as_adult[child] for child in purse.divided})
    told = meal_statements(canteen, month=None, today=today, parts=parts) if canteen else []
    meals = {one.child.pk: one for one in told}
    placements = placements_on(children, today)
    policies = payment_policies(today)
    reader = _Services(services, offer, meals, {code for code, held in policies.items() if held.in_advance})
    return FamilyDues(
        purse=purse,
        offer=offer,
        children=tuple(
            ChildDues(child, placements.get(child.pk), known, meals.get(child.pk), child.pk in purse.own)
            for child in children
            if (known := reader.of(child))
        ),
        history=history_of(purse, offer.accounts, year=year, now=now),
        policies=policies,
        certified=years_paid_by(purse.adult) if purse.adult else [],
        nido_years=nido_years_of(purse.adult) if purse.adult else [],
        now=now,
    )


class _Services:
    """The services with which each child has to do: those with money on them, and the canteen that knows it."""

    def __init__(
        self, services: Sequence[Service], offer: Offer, meals: dict[int, MealStatement], in_advance: set[str]
    ) -> None:
        self.services = services
        self.meals = meals
        self.in_advance = in_advance
        self.accounts = {(one.child_id, one.service_code): one for one in offer.accounts.values()}
        self.owed: dict[tuple[int, str], int] = {}
        for due in offer.dues:
            key = due.child_id, due.service_code
            self.owed[key] = self.owed.get(key, 0) + due.owed_cents

    def of(self, child: Child) -> tuple[ServiceDues, ...]:
        return tuple(self._one(child, service) for service in self._known(child))

    def _known(self, child: Child) -> Sequence[Service]:
        return [
            service
            for service in self.services
            if (child.pk, service.code) in self.accounts
            or (service.archetype == Archetype.MEALS and child.pk in self.meals)
        ]

    def _one(self, child: Child, service: Service) -> ServiceDues:
        key = child.pk, service.code
        owed = Money(self.owed.get(key, 0))
        return ServiceDues(service, self.accounts.get(key), owed, tops_up=service.code in self.in_advance)
