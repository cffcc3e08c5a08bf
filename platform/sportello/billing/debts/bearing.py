"""What the database knows of who bears a child's costs, read for many children at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from sportello.billing.debts.models import CostShare
from sportello.billing.debts.shares import Bearing, split_on
from sportello.families.models import PayerAssignment
from sportello.kernel.dates import DateRange


@dataclass(frozen=True, slots=True)
class Bearers:
    """By child id: the shares of its costs, and who was assigned to pay for it."""

    shares: dict[int, list[Bearing]] = field(default_factory=dict)
    payers: dict[int, list[Bearing]] = field(default_factory=dict)

    def is_divided(self, child_id: int) -> bool:
        """Whether the day of a cost of the child decides who bears it."""
        return bool(self.shares.get(child_id)) or len(self.payers.get(child_id, ())) > 1

    def parts(self, child_id: int, cents: int, on: date, payer_id: int | None) -> dict[int | None, int]:
        """Who bears which part of an entry of that day; one that names its payer is wholly hers."""
        if payer_id is not None:
            return {payer_id: cents}
        return split_on(cents, on, self.shares.get(child_id, ()), self.payers.get(child_id, ()))


def bearers_of(children: Collection[int]) -> Bearers:
    """Two queries."""
    wanted = list(children)
    shares = CostShare.objects.filter(child__among=wanted).order_by("pk")
    payers = PayerAssignment.objects.filter(child__among=wanted).order_by("pk")
    found = Bearers()
    for child, adult, weight, period in shares.values_list("child", "adult", "basis_points", "valid_during"):
        found.shares.setdefault(child, []).append(Bearing(adult, weight, DateRange.from_bounds(period)))
    for child, adult, period in payers.values_list("child", "adult", "valid_during"):
        found.payers.setdefault(child, []).append(Bearing(adult, 1, DateRange.from_bounds(period)))
    return found


def borne_by(adults: Collection[int]) -> Q:
    """Of an account: its child is one of whose costs these adults ever bore a part."""
    shares = CostShare.objects.filter(adult__in=adults).values("child")
    return Q(child__in=shares) | Q(child__in=PayerAssignment.objects.filter(adult__in=adults).values("child"))
