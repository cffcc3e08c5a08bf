"""Who is in arrears with the services of the Comune, by the ledger: the answer that `fees` asks for."""

from collections.abc import Collection
from datetime import date
from itertools import groupby

from sportello.billing.models import Entry
from sportello.billing.overdue import Movement, overdue_periods
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money

type _Household = tuple[str, int]


def unpaid_periods(
    children: Collection[int], *, after_days: int, above: Money, today: date
) -> dict[int, list[DateRange]]:
    """Child id -> the days on which its household is in arrears; who never was is not in it. Two queries.

    All accounts of all children of the household count. A charge is due on its day of competence or, if later, on the
    day it was posted: nobody is late with what nobody told. Of the future nothing is presumed.
    """
    of_household: dict[_Household, list[int]] = {}
    asked = Child.objects.filter(pk__in=children)
    everybody = asked | Child.objects.filter(household__in=asked.exclude(household=None).values("household"))
    for child_id, household in everybody.order_by("pk").distinct().values_list("pk", "household"):
        key = ("child", child_id) if household is None else ("household", household)
        of_household.setdefault(key, []).append(child_id)
    accounts = _movements([child for held in of_household.values() for child in held])
    found: dict[int, list[DateRange]] = {}
    wanted = set(children)
    for held in of_household.values():
        own = {key: moved for child in held for key, moved in accounts.get(child, {}).items()}
        periods = overdue_periods(own, after_days=after_days, above_cents=above.cents, today=today)
        if periods:
            found |= {child: periods for child in held if child in wanted}
    return found


def _movements(children: Collection[int]) -> dict[int, dict[int, list[Movement]]]:
    """Child id -> account id -> its movements."""
    rows = Entry.objects.filter(account__child__in=children).order_by("account__child", "account")
    facts = rows.values_list("account__child", "account", "competence_on", "posted_at", "amount_cents")
    found: dict[int, dict[int, list[Movement]]] = {}
    for (child, account), entries in groupby(facts, key=lambda row: (row[0], row[1])):
        found.setdefault(child, {})[account] = [
            Movement(on if cents > 0 else max(on, posted.astimezone(ROME).date()), cents)
            for _child, _account, on, posted, cents in entries
        ]
    return found
