"""Plans within the Comune's rule, and money put in before it is used."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog.fee_table import PaymentPolicy
from services_catalog.reading import to_builtins
from sportello.billing.carts import offer, topping_up
from sportello.billing.carts.choosing import open_cart
from sportello.billing.carts.errors import AmountOutOfBounds, ItemGone, NotPaidInAdvance, PlanRefused
from sportello.billing.carts.offer import offer_of
from sportello.billing.carts.planning import PlanRule, agree_plan, instalments_of
from sportello.billing.carts.purse import purse_of
from sportello.billing.carts.topping_up import open_top_up
from sportello.billing.debts.models import DebtPosition, Purpose
from sportello.billing.models import LedgerAccount
from sportello.billing.receipts.settling import settle
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.factories import family
from tests.factories.charging import charged_edition, service_of
from tests.factories.paying import NOW, TODAY, charge, institution, receipt
from tests.factories.people import Family

RULE = PlanRule(least=Money(10_000), most=4, each=Money(3_000))


@pytest.fixture
def home(bari: Municipality) -> Family:
    institution(bari)
    service_of()
    return family(children=2)


def with_policy(**fields: Any) -> None:
    policy = to_builtins(PaymentPolicy(**fields))
    charged_edition({"base": {"kind": "single_price", "amount": "10.00"}, "payment": policy})


def keys(home: Family) -> list[str]:
    return [item.key for item in offer_of(purse_of(home.account, TODAY), NOW).items]


def plan(home: Family, count: int, *, token: Any = None) -> DebtPosition:
    return agree_plan(account=home.account, chosen=keys(home), count=count, token=token or uuid4(), now=NOW)


@pytest.mark.parametrize(
    ("cents", "choices"), [(9_999, []), (10_000, [2, 3]), (12_000, [2, 3, 4]), (90_000, [2, 3, 4])]
)
def test_the_rule_says_in_how_many_parts(cents: int, choices: list[int]) -> None:
    assert RULE.choices(Money(cents)) == choices


@given(st.integers(2, 10_000_000), st.integers(2, 24), st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_the_parts_make_the_whole_a_month_apart(cents: int, count: int, day: date) -> None:
    parts = instalments_of(Money(cents), count, day)
    assert sum(part.cents for part in parts) == cents
    assert max(part.cents for part in parts) - min(part.cents for part in parts) <= 1
    months = [part.due_on.year * 12 + part.due_on.month for part in parts]
    assert months == list(range(day.year * 12 + day.month + 1, day.year * 12 + day.month + 1 + count))


def test_a_plan_is_one_notice_with_its_parts(home: Family) -> None:
    charge(home.children[0], 9_000, service="trasporto")
    charge(home.children[1], 3_100, service="trasporto")
    token, chosen = uuid4(), keys(home)
    made = agree_plan(account=home.account, chosen=chosen, count=4, token=token, now=NOW)
    again = agree_plan(account=home.account, chosen=chosen, count=4, token=token, now=NOW)
    assert made == again
    assert [option.amount_cents for option in made.options.all()] == [12_100, 3_025, 3_025, 3_025, 3_025]
    offered = offer_of(purse_of(home.account, TODAY), NOW)
    assert offered.total == Money(12_100)
    cart = open_cart(account=home.account, chosen=[offered.items[1].key], token=uuid4(), now=NOW)
    settle(receipt_id=receipt(cart.notices.get().option).pk, now=NOW)
    assert offer_of(purse_of(home.account, TODAY), NOW).total == Money(9_075)


def test_outside_the_rule_no_plan_is_made(home: Family) -> None:
    with_policy(plan_from=Money(5_000), plan_most=2, plan_each=Money(2_500))
    charge(home.children[0], 4_900, service="trasporto")
    with pytest.raises(PlanRefused):
        plan(home, 2)
    charge(home.children[0], 100, service="trasporto")
    with pytest.raises(PlanRefused):
        plan(home, 3)
    plan(home, 2)
    assert DebtPosition.objects.count() == 1


def test_a_comune_may_offer_none(home: Family) -> None:
    with_policy(plan_most=0)
    charge(home.children[0], 90_000, service="trasporto")
    with pytest.raises(PlanRefused):
        plan(home, 2)


def top_up(home: Family, cents: int, **fields: Any) -> Any:
    values = {
        "account": home.account,
        "child": home.children[0],
        "service": service_of(),
        "amount": Money(cents),
        "token": uuid4(),
        "now": NOW,
    }
    return open_top_up(**{**values, **fields})


def test_a_top_up_becomes_credit_when_its_receipt_comes(home: Family) -> None:
    with_policy(in_advance=True)
    token = uuid4()
    cart, again = top_up(home, 2_000, token=token), top_up(home, 2_000, token=token)
    assert cart == again
    (notice,) = cart.notices.all()
    assert notice.option.position.purpose == Purpose.TOP_UP
    assert LedgerAccount.objects.get().balance_cents == 0
    settle(receipt_id=receipt(notice.option).pk, now=NOW)
    assert LedgerAccount.objects.get().balance_cents == 2_000


def test_the_comune_bounds_a_top_up(home: Family) -> None:
    with pytest.raises(NotPaidInAdvance):
        top_up(home, 2_000)
    with_policy(in_advance=True, top_up_from=Money(500), top_up_to=Money(1_000))
    for cents in (499, 1_001):
        with pytest.raises(AmountOutOfBounds):
            top_up(home, cents)
    with pytest.raises(ItemGone):
        top_up(home, 700, account=family().account)
    assert DebtPosition.objects.count() == 0


def test_neither_change_of_the_way_of_paying_loses_a_cent(home: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paid afterwards, then in advance, then afterwards again: what was owed and what was put in go on."""
    charge(home.children[0], 500, service="trasporto")
    with_policy(in_advance=True)
    assert offer_of(purse_of(home.account, TODAY), NOW).total == Money(500), "the debt of before is still asked for"
    settle(receipt_id=receipt(top_up(home, 2_000).notices.get().option).pk, now=NOW)
    assert LedgerAccount.objects.get().balance_cents == 1_500
    monkeypatch.setattr(topping_up, "payment_policies", lambda _today: {"trasporto": PaymentPolicy()})
    monkeypatch.setattr(offer, "payment_policies", lambda _today: {"trasporto": PaymentPolicy()})
    with pytest.raises(NotPaidInAdvance):
        top_up(home, 2_000)
    charge(home.children[0], 1_200, service="trasporto")
    assert offer_of(purse_of(home.account, TODAY), NOW).total == Money(0), "the credit pays what is used"
    charge(home.children[0], 1_000, service="trasporto")
    assert offer_of(purse_of(home.account, TODAY), NOW).total == Money(700)
    assert LedgerAccount.objects.get().balance_cents == -700
