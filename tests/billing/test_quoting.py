"""What is due for a notice is read in one statement; it agrees with what the ledger's own reading of the dues says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection

from sportello.billing.debts.dues import dues_of_accounts
from sportello.billing.debts.models import PositionState
from sportello.billing.debts.opening import Collected
from sportello.billing.debts.quoting import due_now
from sportello.billing.debts.sharing import Share, set_cost_shares
from sportello.billing.models import EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.billing.receipts.settling import settle_waiting
from sportello.families.models import Adult, Child, PayerAssignment
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.billing.node import Node, get, receipt, verify
from tests.factories import adult, child, family, payer
from tests.factories.paying import NOW, charge, instalments, institution, position

YEAR = DateRange(date(2026, 9, 1), date(2027, 9, 1))


def pay(minor: Child, cents: int, who: Adult | None, key: str, on: date = date(2026, 11, 20)) -> None:
    paid = EntryLine(
        minor.pk, "mensa", EntryKind.PAYMENT, Money(cents), on, "Prova", key, payer_id=who.pk if who else None
    )
    post_entries(lines=[paid], now=NOW, actor=None)


def due(payer_of: Adult, minor: Child, cents: int = 99_999) -> int:
    """What a notice to her that asks for all the world would be told is due."""
    asking = position(payer_of, Collected(minor.pk, "mensa", cents))
    found = sum(piece.cents for piece in due_now(asking.options.get().notice_number))
    asking.state_changes.create(before=PositionState.VALID, after=PositionState.INVALID)
    type(asking).objects.filter(pk=asking.pk).update(state=PositionState.INVALID)
    return found


def agrees(minor: Child, *people: Adult) -> None:
    account = LedgerAccount.objects.get(child=minor)
    owed = {one.payer_id: one.owed_cents for one in dues_of_accounts([account.pk])}
    for person in people:
        assert due(person, minor) == max(0, owed.get(person.pk, 0))


def test_of_an_account_that_one_person_bears(bari: Municipality) -> None:
    institution(bari)
    mother = adult()
    minor = child(mother)
    for month in range(1, 13):
        charge(minor, 1001, on=date(2026, month, 28))
    pay(minor, 333, None, "p")
    pay(minor, 5000, mother, "q")
    assert due(mother, minor) == 12 * 1001 - 5333
    agrees(minor, mother, adult())


def test_of_an_account_that_two_divide_and_of_one_whose_payer_changed(bari: Municipality) -> None:
    """Odd cents take turns by the month: entries that are split may not be summed before."""
    institution(bari)
    mother, father = adult(), adult()
    minor, other = child(mother), child(mother)
    shares = [Share(mother, 5000), Share(father, 5000)]
    set_cost_shares(child=minor, during=YEAR, shares=shares, source="x", actor=None, now=NOW)
    PayerAssignment.objects.filter(child=other).update(valid_during=DateRange(date(2020, 9, 1), YEAR.start).bounds)
    payer(father, other, valid_during=(YEAR.start, None))
    for month in (5, 9, 10, 10, 11, 12):
        for one in (minor, other):
            charge(one, 1001, on=date(2026, month, 28))
    pay(minor, 101, father, "a")
    pay(minor, 77, None, "b")
    pay(other, 77, None, "c")
    agrees(minor, mother, father)
    agrees(other, mother, father)
    assert due(mother, other) == 1001
    assert due(father, other) == 5 * 1001 - 77


def test_an_older_plan_that_is_half_paid_claims_the_rest_alone(bari: Municipality) -> None:
    ours = institution(bari)
    home = family()
    minor = home.children[0]
    charge(minor, 1000)
    line = Collected(minor.pk, "mensa", 600)
    older = position(home.parent, line, instalments=instalments(200, 400))
    newer = position(home.parent, line)
    nav = newer.options.get().notice_number
    assert sum(piece.cents for piece in due_now(nav)) == 400
    Node().ask(receipt(ours.fiscal_code, older.options.get(number=1).notice_number, 200, "r1"))
    settle_waiting(now=NOW)
    assert sum(piece.cents for piece in due_now(nav)) == 400, "what was paid is neither owed nor claimed"
    pay(minor, 300, home.parent, "p")
    assert sum(piece.cents for piece in due_now(nav)) == 100
    assert due_now("399000000000000000") == ()


@contextmanager
def statements() -> Iterator[list[str]]:
    """All that is sent through a cursor."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@pytest.mark.parametrize("years", [1, 5])
def test_a_question_costs_two_statements(bari: Municipality, years: int) -> None:
    """Whose it is with what is known of the notice, and the journal with the attempt: however much there is."""
    ours = institution(bari)
    home = family(children=3)
    for minor in home.children:
        for month in range(12 * years):
            charge(minor, 500, on=date(2020 + month // 12, month % 12 + 1, 28))
    lines = [Collected(minor.pk, "mensa", 500) for minor in home.children]
    for _ in range(years):
        made = position(home.parent, *lines)
    node, nav = Node(), made.options.get().notice_number
    assert node.ask(verify(ours.fiscal_code, nav))["outcome"] == "OK"  # from then on the schema is known
    for body in (verify(ours.fiscal_code, nav), get(ours.fiscal_code, nav)):
        with statements() as seen:
            assert node.ask(body)["outcome"] == "OK"
        assert len(seen) == 2, seen
