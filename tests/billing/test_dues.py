"""What the database sums of an account is what the rules say entry by entry, whoever bears it."""

from datetime import date

from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.dues import dues_of_accounts
from sportello.billing.debts.models import CostShare
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.families.models import Child
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.factories import adult, child, payer
from tests.factories.paying import NOW, charge

DAYS = (date(2026, 9, 1), date(2026, 10, 1), date(2027, 2, 1))


def entry_by_entry() -> dict[tuple[int, int | None], int]:
    """As the books explain it: each entry split by the bearers of its day."""
    bearers = bearers_of(list(Child.objects.order_by("pk").values_list("pk", flat=True)))
    found: dict[tuple[int, int | None], int] = {}
    for entry in Entry.objects.select_related("account").order_by("pk"):
        parts = bearers.parts(entry.account.child_id, entry.amount_cents, entry.competence_on, entry.payer_id)
        for who, cents in parts.items():
            found[entry.account_id, who] = found.get((entry.account_id, who), 0) - cents
    return found


def test_sums_of_the_database_are_those_of_the_rules(bari: Municipality) -> None:
    alone, changed, shared, orphan = (child() for _ in range(4))
    one, other, third = (adult() for _ in range(3))
    payer(one, alone)
    payer(one, changed, valid_during=DateRange(date(2026, 9, 1), date(2026, 10, 1)).bounds)
    payer(other, changed, valid_during=DateRange(date(2026, 10, 1)).bounds)
    payer(one, shared)
    for bearer, part in ((other, 3333), (third, 6667)):
        since = DateRange(date(2026, 10, 1)).bounds
        CostShare.objects.create(child=shared, adult=bearer, basis_points=part, valid_during=since, source="prova")
    for minor in (alone, changed, shared, orphan):
        for day in DAYS:
            charge(minor, 1001, on=day)
    line = EntryLine(alone.pk, "mensa", EntryKind.PAYMENT, Money(77), DAYS[0], "Prova", "paid", payer_id=third.pk)
    post_entries(lines=[line], now=NOW, actor=None)
    accounts = list(LedgerAccount.objects.order_by("pk").values_list("pk", flat=True))
    summed = {(due.account_id, due.payer_id): due.owed_cents for due in dues_of_accounts(accounts)}
    assert summed == entry_by_entry()
    assert len({who for account, who in summed if account == LedgerAccount.objects.get(child=changed).pk}) == 2
    assert (LedgerAccount.objects.get(child=orphan).pk, None) in summed
    assert dues_of_accounts([]) == []
