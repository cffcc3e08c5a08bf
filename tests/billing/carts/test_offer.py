"""What a person may pay: what is due, to whom it is shown, what is asked already."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from sportello.billing.carts.ageing import Charged, unsettled
from sportello.billing.carts.choosing import open_cart
from sportello.billing.carts.offer import Offer, offer_of
from sportello.billing.carts.purse import purse_of
from sportello.billing.correcting import correct_entry
from sportello.billing.debts.models import Purpose
from sportello.billing.debts.opening import Collected
from sportello.billing.debts.sharing import Share, set_cost_shares
from sportello.billing.models import Entry
from sportello.billing.receipts.settling import settle
from sportello.families.models import Act
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.factories import adult, child, citizen, delegation, family, guardianship
from tests.factories.charging import service_of
from tests.factories.paying import NOW, TODAY, charge, instalments, institution, position, receipt
from tests.factories.people import Family


def offer(account: object) -> Offer:
    return offer_of(purse_of(account, TODAY), NOW)  # type: ignore[arg-type]  # the account of a factory


def told(found: Offer) -> list[tuple[str, str, int]]:
    return [(item.title, item.names, item.amount.cents) for item in found.items]


@pytest.fixture
def home(bari: Municipality) -> Family:
    institution(bari)
    service_of("mensa", "meals")
    service_of("trasporto")
    return family(children=2)


def test_payments_cover_the_oldest_charges() -> None:
    days = [date(2026, month, 28) for month in (9, 10, 11)]
    left = unsettled([Charged(day, day, 500) for day in days], 700)
    assert [(one.on.month, one.cents) for one in left] == [(10, 200), (11, 500)]
    assert unsettled([], 300) == []
    assert unsettled([Charged(days[0], days[0], 500)], 0) == []


def test_what_is_due_without_a_notice_is_offered_by_account(home: Family) -> None:
    one, two = home.children
    charge(one, 500)
    charge(one, 300, on=date(2026, 11, 15))
    charge(two, 700, service="trasporto")
    found = offer(home.account)
    assert sorted(told(found)) == [("Mensa", "Bimba", 800), ("Trasporto", "Bimba", 700)]
    assert found.total == Money(1500)


def test_it_is_overdue_when_the_days_to_pay_are_over(home: Family) -> None:
    charge(home.children[0], 500)
    (item,) = offer_of(purse_of(home.account, TODAY), NOW).items
    assert item.due_on == TODAY + timedelta(days=30)  # told today, though of October
    later = NOW + timedelta(days=31)
    found = offer_of(purse_of(home.account, TODAY), later)
    assert found.overdue == Money(500)


def test_what_a_notice_asks_for_is_not_offered_twice(home: Family) -> None:
    minor = home.children[0]
    charge(minor, 500)
    position(home.parent, Collected(minor.pk, "mensa", 500))
    charge(minor, 200)
    found = offer(home.account)
    assert sorted(item.amount.cents for item in found.items) == [200, 500]
    assert sum(item.option is not None for item in found.items) == 1
    assert found.total == Money(700)


def test_a_notice_asks_what_is_still_due(home: Family) -> None:
    """Corrected since: the page, the cart and the Node say the same sum (P18)."""
    minor = home.children[0]
    charge(minor, 500)
    made = position(home.parent, Collected(minor.pk, "mensa", 500))
    entry = Entry.objects.get()
    correct_entry(entry=entry, difference=Money(200), reason="Assente", token=uuid4(), actor=1, now=NOW)
    (item,) = offer(home.account).items
    assert item.amount == Money(300)
    cart = open_cart(account=home.account, chosen=[item.key], token=uuid4(), now=NOW)
    assert cart.notices.get().amount_cents == 300
    correct_entry(entry=entry, difference=Money(300), reason="Gratis", token=uuid4(), actor=1, now=NOW)
    assert offer(home.account).items == ()
    assert made.options.get().amount_cents == 500


def test_a_plan_is_counted_once_and_paid_one_way(home: Family) -> None:
    minor = home.children[0]
    charge(minor, 900)
    made = position(home.parent, Collected(minor.pk, "mensa", 900), instalments=instalments(300, 300, 300))
    found = offer(home.account)
    assert [item.instalment for item in found.items] == [0, 1, 2, 3]
    assert found.total == Money(900)
    settle(receipt_id=receipt(made.options.get(number=1)).pk, now=NOW)
    found = offer(home.account)
    assert [item.instalment for item in found.items] == [2, 3]
    assert found.total == Money(600)


def test_the_nido_is_asked_for_month_by_month(home: Family) -> None:
    service_of("nido", "place")
    charge(home.children[0], 30_000, service="nido", on=date(2026, 10, 31))
    charge(home.children[0], 31_000, service="nido", on=date(2026, 11, 30))
    assert [(item.month, item.amount.cents) for item in offer(home.account).items] == [
        (date(2026, 10, 1), 30_000),
        (date(2026, 11, 1), 31_000),
    ]


def test_divided_costs_show_each_parent_her_own_part(home: Family) -> None:
    minor, father = home.children[0], adult()
    guardianship(father, minor)
    half = [Share(home.parent, 5000), Share(father, 5000)]
    set_cost_shares(child=minor, during=DateRange(date(2026, 9, 1)), shares=half, source="Accordo", actor=None, now=NOW)
    charge(minor, 1000)
    position(father, Collected(minor.pk, "mensa", 500))
    assert told(offer(home.account)) == [("Mensa", "Bimba", 500)]
    (of_father,) = offer(citizen(father)).items
    assert of_father.option is not None


def test_an_undivided_family_pays_with_either_hand(home: Family) -> None:
    minor, father = home.children[0], adult()
    guardianship(father, minor)
    charge(minor, 1000)
    assert told(offer(citizen(father))) == told(offer(home.account)) == [("Mensa", "Bimba", 1000)]


def test_who_may_not_pay_is_offered_nothing(home: Family) -> None:
    minor = home.children[0]
    charge(minor, 1000)
    barred, looker, payer = adult(), adult(), adult()
    guardianship(barred, minor, barred=True)
    delegation(minor, home.parent, looker, Act.SEE)
    delegation(minor, home.parent, payer, Act.PAY)
    assert [len(offer(citizen(who)).items) for who in (barred, looker, payer)] == [0, 0, 1]


def test_a_notice_that_also_is_of_another_child_is_hidden(home: Family) -> None:
    """A delegate for one child learns nothing of the other."""
    one, two = home.children
    holder = adult()
    delegation(one, home.parent, holder, Act.PAY)
    charge(one, 500)
    charge(two, 500)
    position(home.parent, Collected(one.pk, "mensa", 500), Collected(two.pk, "mensa", 500))
    assert offer(citizen(holder)).items == ()
    assert len(offer(home.account).items) == 1


def test_what_nobody_bears_is_told_and_not_offered(home: Family) -> None:
    minor = child(home.parent, payer_is_first=False)
    charge(minor, 400)
    found = offer(home.account)
    assert (found.items, found.unborne, found.total) == ((), Money(400), Money(400))


def test_a_top_up_asks_for_nothing_that_is_owed(home: Family) -> None:
    minor = home.children[0]
    charge(minor, 500)
    position(home.parent, Collected(minor.pk, "mensa", 2000), purpose=Purpose.TOP_UP)
    titles = sorted(told(offer(home.account)))
    assert titles == [("Mensa", "Bimba", 500), ("Ricarica, Mensa", "Bimba", 2000)]
