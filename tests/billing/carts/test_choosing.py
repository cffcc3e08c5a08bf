"""One press, one cart; the same sums, the same notice; whatever is pressed twice, in two tabs, or after going back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from sportello.audit.models import Action, Event
from sportello.billing.carts.choosing import open_cart
from sportello.billing.carts.errors import ChosenTwice, ItemGone, NothingChosen, TooManyNotices
from sportello.billing.carts.models import Cart
from sportello.billing.carts.offer import offer_of
from sportello.billing.carts.purse import purse_of
from sportello.billing.debts.models import DebtPosition
from sportello.billing.debts.opening import Collected
from sportello.billing.models import LedgerAccount
from sportello.billing.receipts.settling import settle
from tenants.current import in_schema
from tenants.models import Municipality
from tests.factories import family
from tests.factories.charging import service_of
from tests.factories.paying import NOW, TODAY, charge, instalments, institution, position, receipt
from tests.factories.people import Family

SERVICES = ("mensa", "trasporto", "infanzia", "prescuola", "doposcuola", "interscuola")


@pytest.fixture
def home(bari: Municipality) -> Family:
    return _home(bari)


def _home(bari: Municipality, children: int = 3) -> Family:
    institution(bari)
    for code in SERVICES:
        service_of(code, "meals" if code == "mensa" else "place")
    return family(children=children)


def keys(home: Family) -> list[str]:
    return [item.key for item in offer_of(purse_of(home.account, TODAY), NOW).items]


def choose(home: Family, *chosen: str, token: object = None) -> Cart:
    return open_cart(account=home.account, chosen=chosen, token=token or uuid4(), now=NOW)  # type: ignore[arg-type]


def test_many_items_of_many_children_in_one_cart(home: Family) -> None:
    one, two, three = home.children
    charge(one, 500)
    charge(two, 700)
    charge(three, 900, service="trasporto")
    held = position(home.parent, Collected(three.pk, "trasporto", 900))
    cart = choose(home, *keys(home))
    notices = list(cart.notices.all())
    assert sorted(notice.amount_cents for notice in notices) == [500, 700, 900]
    assert DebtPosition.objects.count() == 3
    assert held.pk in {notice.option.position_id for notice in notices}
    for made in DebtPosition.objects.all():
        assert all(child.given_name not in made.description for child in home.children)
    assert Event.objects.filter(action=Action.CART_OPENED).count() == 1


def test_the_same_press_twice_is_one_cart(home: Family) -> None:
    charge(home.children[0], 500)
    chosen, token = keys(home), uuid4()
    first, again = choose(home, *chosen, token=token), choose(home, *chosen, token=token)
    assert (first, Cart.objects.count(), DebtPosition.objects.count()) == (again, 1, 1)


def test_two_tabs_find_the_same_notice(home: Family) -> None:
    charge(home.children[0], 500)
    chosen = keys(home)
    first, second = choose(home, *chosen), choose(home, *chosen)
    assert first != second
    assert DebtPosition.objects.count() == 1
    assert first.notices.get().option_id == second.notices.get().option_id


def test_after_going_back_another_choice_keeps_the_notices(home: Family) -> None:
    charge(home.children[0], 500)
    charge(home.children[1], 700)
    chosen, token = keys(home), uuid4()
    both = choose(home, *chosen, token=token)
    one = choose(home, chosen[0], token=token)
    assert (both.notices.count(), one.notices.count(), DebtPosition.objects.count()) == (2, 1, 2)


def test_presses_at_once_open_one_position(transactional_db: None) -> None:
    bari = Municipality.objects.get(slug="bari")
    with in_schema(bari.schema_name):
        made = _home(bari)
        charge(made.children[0], 500)
        chosen = keys(made)

    def press(_number: int) -> int:
        try:
            with in_schema(bari.schema_name):
                return choose(made, *chosen).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        carts = list(pool.map(press, range(8)))
    with in_schema(bari.schema_name):
        assert len(set(carts)) == 8
        assert DebtPosition.objects.count() == 1
        assert LedgerAccount.objects.get().balance_cents == -500


def test_more_than_five_are_put_together_by_service(home: Family) -> None:
    for minor in home.children:
        charge(minor, 500)
        charge(minor, 300, service="trasporto")
    cart = choose(home, *keys(home))
    assert sorted(notice.amount_cents for notice in cart.notices.all()) == [900, 1500]
    assert sum(position.lines.count() for position in DebtPosition.objects.all()) == 6


def test_the_months_of_the_nido_stay_alone(home: Family) -> None:
    service_of("nido", "place")
    for month in (6, 7, 8, 9, 10, 11):
        charge(home.children[0], 30_000, service="nido", on=date(2026, month, 28))
    chosen = keys(home)
    with pytest.raises(TooManyNotices):
        choose(home, *chosen)
    cart = choose(home, *chosen[:5])
    months = [notice.option.position.lines.get().month for notice in cart.notices.all()]
    assert months == [date(2026, month, 1) for month in (6, 7, 8, 9, 10)]
    assert {notice.option.position.purpose for notice in cart.notices.all()} == {"monthly_fee"}


def test_a_plan_is_not_paid_both_ways(home: Family) -> None:
    minor = home.children[0]
    charge(minor, 600)
    position(home.parent, Collected(minor.pk, "mensa", 600), instalments=instalments(300, 300))
    with pytest.raises(ChosenTwice):
        choose(home, *keys(home))


def test_what_was_paid_meanwhile_is_gone(home: Family) -> None:
    minor = home.children[0]
    charge(minor, 600)
    made = position(home.parent, Collected(minor.pk, "mensa", 600))
    chosen = keys(home)
    settle(receipt_id=receipt(made.options.get()).pk, now=NOW)
    with pytest.raises(ItemGone):
        choose(home, *chosen)


def test_nobody_pays_what_is_not_hers(home: Family) -> None:
    other = family()
    charge(other.children[0], 600)
    with pytest.raises(ItemGone):
        choose(home, *keys(other))
    with pytest.raises(NothingChosen):
        choose(home)
    assert Cart.objects.count() == 0
