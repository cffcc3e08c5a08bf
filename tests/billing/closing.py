"""The end of a storm: everything that must be true of the books, each thing by another way than the desk's own."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Sum

from sportello.billing.debts.models import DebtPosition, PositionState
from sportello.billing.receipts.models import Attribution, KeptAside, Receipt
from sportello.billing.receipts.proving import prove_books
from sportello.billing.reconciliation.models import Explanation, Flow, FlowLine
from sportello.billing.reconciliation.standing import days
from sportello.billing.verification import ledger_differences
from tests.billing.storm import Storm
from tests.factories.paying import TODAY

AGREED = ("matched", "from_flow")


@dataclass(frozen=True, slots=True)
class Closed:
    """What was counted; `wrongs` says what is not as it must be, and is empty."""

    receipts: int
    lines: int
    received_cents: int
    attributed_cents: int
    aside_cents: int
    wrongs: list[str]


def close(storm: Storm) -> Closed:
    """Looks at everything."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    real = {one.receipt_id: one for one in storm.truth if one.is_ours}
    stored = {one.receipt_id: one for one in Receipt.objects.filter(outcome="OK").order_by("pk")}
    wrongs = [f"no receipt for {one}" for one in real.keys() - stored.keys()]
    wrongs += [f"{name} of other cents" for name, one in real.items() if stored[name].own_cents != one.cents]
    wrongs += [f"{one} is nobody's money" for one in stored.keys() - real.keys() if stored[one].own_cents]
    came = sum(one.cents for one in real.values())
    attributed = Attribution.objects.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    aside = KeptAside.objects.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    if came != attributed + aside:
        wrongs.append(f"{came} came, {attributed} attributed, {aside} kept aside")
    wrongs += _in_flows(storm)
    wrongs += [f"account {one.account_id} is not its entries" for one in ledger_differences()]
    proof = prove_books(now=storm.now)
    if not proof.is_sound or (proof.received_cents, proof.attributed_cents) != (came, attributed):
        wrongs.append(f"the replay differs: {proof.wrong_accounts} accounts, {proof.lost_cents} cents")
    wrongs += _days(storm, came)
    return Closed(len(real), FlowLine.objects.count(), came, attributed, aside, wrongs)


def _in_flows(storm: Storm) -> list[str]:
    """Every payment stands in one current flow, transfer by transfer; what it paid is reported."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    lines = FlowLine.objects.filter(flow__is_current=True, verdict__in=AGREED)
    for iur, number, cents in lines.order_by("pk").values_list("iur", "transfer_number", "amount_cents"):
        found[iur][number] = found[iur].get(number, 0) + cents
    wrongs = [
        f"{one.receipt_id} stands otherwise in the flows"
        for one in storm.truth
        if one.is_ours and found[one.receipt_id] != one.parts
    ]
    paid = DebtPosition.objects.filter(state=PositionState.PAID, options__receipts__attributions__isnull=False)
    return wrongs + [f"position {pk} is not reported" for pk in set(paid.values_list("pk", flat=True))]


def _days(storm: Storm, came: int) -> list[str]:
    """The accountant's days: no difference, and no note of anybody's that hides one."""
    later = storm.now + timedelta(days=60)
    found = days(first=TODAY, last=TODAY + timedelta(days=60), now=later)
    wrongs = [f"{one.open} differences on {one.on}" for one in found if one.open]
    sums = [sum(getattr(one, name).cents for one in found) for name in ("receipts", "ledger", "aside", "flows")]
    if not sums[0] == sums[1] + sums[2] == sums[3] == came:
        wrongs.append(f"the days say {sums}, {came} came")
    others = (
        FlowLine.objects.filter(flow__is_current=True, verdict="not_ours").aggregate(c=Sum("amount_cents"))["c"] or 0
    )
    bank = Flow.objects.filter(is_current=True).aggregate(c=Sum("declared_cents"))["c"] or 0
    if bank != came + others:
        wrongs.append(f"the bank brought {bank}, {came} and {others} of other systems")
    if Explanation.objects.exists():
        wrongs.append("a difference was explained away")
    return wrongs
