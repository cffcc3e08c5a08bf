"""Reads that other rooms share: the canteen of some children in a few figures."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from sportello.billing.models import LedgerAccount
from sportello.canteen.closed_days import is_closed
from sportello.canteen.models import Presence
from sportello.canteen.service import canteen_service
from sportello.canteen.stock import meals_available
from sportello.enrolment.models import Subscription
from sportello.families.models import Child
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ChildSummary:
    """Meals of the current month, meals left where they are sold in advance (else None), balance.

    `known` tells whether the child has an account at all.
    """

    child: Child
    meals_this_month: int
    meals_available: int | None
    balance: Money
    known: bool


def with_canteen(children: QuerySet[Child]) -> QuerySet[Child]:
    """Those of the children whom the canteen knows: a place now or at another time, a meal, an account."""
    service = canteen_service()
    of_child = {"child": OuterRef("pk")}
    return children.filter(
        Exists(Subscription.objects.filter(**of_child, service=service))
        | Exists(Presence.objects.filter(**of_child))
        | Exists(LedgerAccount.objects.filter(**of_child, service_code=service.code))
    )


def child_summary(children: Collection[Child], today: date) -> list[ChildSummary]:
    """One summary per child, in their order; six queries at most however many they are."""
    service = canteen_service()
    month = Presence.objects.filter(
        ~is_closed(), child__in=children, ate=True, day__gte=today.replace(day=1), day__lte=today
    )
    counted = month.order_by().values("child_id").annotate(meals=Count("pk"))
    meals = {row["child_id"]: row["meals"] for row in counted}
    stock = meals_available(children, service)
    accounts = LedgerAccount.objects.filter(child__in=children, service_code=service.code).order_by()
    balances = dict(accounts.values_list("child_id", "balance_cents"))
    return [
        ChildSummary(
            child=child,
            meals_this_month=meals.get(child.pk, 0),
            meals_available=stock.get(child.pk),
            balance=Money(balances.get(child.pk, 0)),
            known=child.pk in balances,
        )
        for child in children
    ]
