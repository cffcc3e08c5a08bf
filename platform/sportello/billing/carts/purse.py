"""For whom a person may pay, and whose part of it she sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sportello.accounts.models import Account
from sportello.billing.debts.models import CostShare
from sportello.billing.debts.parts import WHOLE, SeenParts, seen_parts
from sportello.families.models import Act, Adult, Child
from sportello.families.queries import adult_of, children_for, reach_over


@dataclass(frozen=True, slots=True)
class Purse:
    """The children for whom she may pay, each with the adult as whom she does: herself, or who delegated her.

    Where the costs of a child are divided she sees the part of that adult alone; elsewhere all of it, for a family that
    divides nothing may pay with either hand.
    """

    account: Account
    adult: Adult | None
    children: dict[int, Child]
    as_adult: dict[int, int | None]
    own: frozenset[int]
    divided: frozenset[int]

    def shows(self, child_id: int, payer_id: int | None) -> bool:
        """Whether what that adult owes for the child is shown to her."""
        if child_id not in self.children:
            return False
        return child_id not in self.divided or (payer_id is not None and payer_id == self.as_adult[child_id])


def parts_shown_to(account: Account, children: Iterable[Child], today: date) -> SeenParts:
    """Of which of the children she is shown a part alone, and whose. One query where none is divided, else seven."""
    held = CostShare.objects.filter(child__in=[child.pk for child in children]).order_by("child")
    divided = set(held.values_list("child", flat=True))
    if not divided:
        return WHOLE
    purse = purse_of(account, today)
    return seen_parts({child: purse.as_adult.get(child) for child in divided})


def purse_of(account: Account, today: date) -> Purse:
    """Whom the person may pay for on that day; a court's bar and the end of a delegation close it. Five queries."""
    children = {child.pk: child for child in children_for(account, Act.PAY, today)}
    reach = reach_over(account, children.values(), today)
    adult = adult_of(account)
    divided = CostShare.objects.filter(child__in=children).order_by("child").values_list("child", flat=True).distinct()
    as_adult = {}
    for pk, held in reach.items():
        as_adult[pk] = held.delegation.granted_by_id if held.delegation else adult.pk if adult else None
    return Purse(
        account=account,
        adult=adult,
        children=children,
        as_adult=as_adult,
        own=frozenset(pk for pk, held in reach.items() if held.is_guardian),
        divided=frozenset(divided),
    )
