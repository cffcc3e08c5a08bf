"""Every seeded difference is found with its reason, and no false one is reported."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.shadow.rules import Difference, Kind, Legacy, OtherPrice, Ours, Reason, compare
from onboarding.shadow.words import LABELS, SENTENCES

DAYS = tuple(date(2026, 10, day) for day in range(1, 32))
SAME = Legacy(meals=18, charged=3420, balance=1580, paid=0)
OURS = Ours(meals=18, charged=3420, balance=1580, unit_cents=190)


def found(legacy: Legacy | None, ours: Ours | None, tolerance: int = 0) -> list[tuple[str, str, int]]:
    return [(one.kind.value, one.reason.value, one.amount) for one in compare(legacy, ours, tolerance=tolerance)]


def test_what_is_the_same_is_no_difference() -> None:
    assert found(SAME, OURS) == []
    assert found(None, None) == []
    assert found(None, Ours(has_place=False)) == []


def test_what_the_file_does_not_say_is_no_difference() -> None:
    assert found(Legacy(), OURS) == []
    assert found(Legacy(meals=3), Ours(meals=None)) == []


@pytest.mark.parametrize(
    ("legacy", "ours", "expected"),
    [
        (SAME, None, [("child", "only_there", -1)]),
        (None, OURS, [("child", "only_here", 1)]),
        (Legacy(meals=4), Ours(meals=0, has_place=False), [("meals", "no_place", -4)]),
        (Legacy(meals=20), Ours(meals=18, closed=DAYS[:2]), [("meals", "closed_days", -2)]),
        (Legacy(meals=20), Ours(meals=18, absent=DAYS[:5]), [("meals", "absences", -2)]),
        (Legacy(meals=17), Ours(meals=18, corrections=((DAYS[3], 1),)), [("meals", "corrected_later", 1)]),
        (Legacy(meals=19), Ours(meals=18, corrections=((DAYS[3], -1),)), [("meals", "corrected_later", -1)]),
        (Legacy(meals=15), Ours(meals=18, later=DAYS[28:31]), [("meals", "eaten_later", 3)]),
        (Legacy(meals=17), Ours(meals=18), [("meals", "unexplained", 1)]),
        (Legacy(meals=19), Ours(meals=18), [("meals", "unexplained", -1)]),
        (Legacy(charged=3420), Ours(charged=None), [("charge", "not_charged", -3420)]),
        (Legacy(charged=3415), OURS, [("charge", "rounding", 5)]),
        (Legacy(charged=3400), OURS, [("charge", "unexplained", 20)]),
        (Legacy(balance=1080), Ours(balance=1580, payments=(500,)), [("balance", "paid_only_here", 500)]),
        (Legacy(balance=1080), Ours(balance=1580, later_entries=(500,)), [("balance", "later_entry", 500)]),
        (Legacy(balance=4001), Ours(balance=0, carried=4001), [("balance", "opening_missing", -4001)]),
        (Legacy(balance=4001), Ours(balance=4000, carried=4001, opening=4000), [("balance", "opening_differs", -1)]),
        (Legacy(balance=1000), Ours(balance=4420, charged=3420, is_charged=False), [("balance", "not_charged", 3420)]),
        (Legacy(balance=1000), Ours(balance=1001), [("balance", "unexplained", 1)]),
        (Legacy(charged=900, paid=900), Ours(charged=900), [("payment", "paid_only_there", -900)]),
        (Legacy(charged=900, paid=0), Ours(charged=900, payments=(900,)), [("payment", "paid_only_here", 900)]),
        (Legacy(charged=900, paid=900), Ours(charged=900, payments=(400,)), [("payment", "unexplained", -500)]),
    ],
)
def test_each_difference_has_its_reason(
    legacy: Legacy | None, ours: Ours | None, expected: list[tuple[str, str, int]]
) -> None:
    assert found(legacy, ours) == expected


@pytest.mark.parametrize(
    "reason",
    [Reason.OTHER_ISEE, Reason.ISEE_MISSING_HERE, Reason.ISEE_MISSING_THERE, Reason.SIBLINGS, Reason.OTHER_EDITION],
)
def test_a_price_is_explained_only_by_a_price_that_our_table_gives(reason: Reason) -> None:
    ours = Ours(meals=18, charged=18 * 190, unit_cents=190, other_prices=(OtherPrice(reason, 300),))
    assert found(Legacy(meals=18, charged=18 * 300), ours) == [("charge", reason.value, 18 * (190 - 300))]
    assert found(Legacy(meals=18, charged=18 * 250), ours) == [("charge", "unexplained", 18 * (190 - 250))]


def test_other_meals_at_another_price_are_two_lines() -> None:
    ours = Ours(
        meals=18, charged=18 * 190, unit_cents=190, absent=DAYS[:2], other_prices=(OtherPrice(Reason.SIBLINGS, 300),)
    )
    assert found(Legacy(meals=20, charged=6000), ours) == [
        ("meals", "absences", -2),
        ("charge", "meals_differ", -380),
        ("charge", "siblings", -2200),
    ]


def test_a_difference_of_the_charge_is_seen_again_in_the_balance_and_says_so() -> None:
    ours = Ours(meals=18, charged=3420, balance=1000, unit_cents=190)
    assert found(Legacy(meals=18, charged=3400, balance=1020), ours) == [
        ("charge", "unexplained", 20),
        ("balance", "charge_differs", -20),
    ]


def test_a_tolerance_is_of_money_and_never_of_meals() -> None:
    assert found(Legacy(meals=18, charged=3421, balance=1579), OURS, tolerance=1) == []
    assert found(Legacy(meals=18, charged=3422, balance=1578), OURS, tolerance=1) != []
    assert found(Legacy(meals=17), OURS, tolerance=100) == [("meals", "unexplained", 1)]


def test_every_reason_has_its_words() -> None:
    assert set(LABELS) == set(SENTENCES) == set(Reason)


amounts = st.integers(min_value=-20_000, max_value=20_000)
seeds = st.fixed_dictionaries(
    {
        "later": st.integers(min_value=0, max_value=4),
        "closed": st.integers(min_value=0, max_value=3),
        "corrected": st.integers(min_value=-2, max_value=2),
        "payments": st.lists(st.integers(min_value=1, max_value=9000), max_size=3),
        "entries": st.lists(amounts, max_size=3),
        "strange_meals": st.integers(min_value=-3, max_value=3),
        "strange_cents": amounts,
    }
)


def seeded(seed: dict[str, object], balance: int) -> tuple[Legacy, Ours]:
    """Both sides begin equal; each seed then moves ours away from theirs."""
    later, closed, corrected = (int(str(seed[name])) for name in ("later", "closed", "corrected"))
    payments, entries = seed["payments"], seed["entries"]
    assert isinstance(payments, list)
    assert isinstance(entries, list)
    strange_meals, strange_cents = int(str(seed["strange_meals"])), int(str(seed["strange_cents"]))
    ours = Ours(
        meals=18 + later - closed + corrected + strange_meals,
        balance=balance + sum(payments) + sum(entries) + strange_cents,
        later=DAYS[25 : 25 + later],
        closed=DAYS[:closed],
        corrections=((DAYS[7], corrected),) if corrected else (),
        payments=tuple(payments),
        later_entries=tuple(entries),
    )
    return Legacy(meals=18, balance=balance), ours


def of_kind(told: list[Difference], kind: Kind) -> list[Difference]:
    return [one for one in told if one.kind is kind]


@given(seed=seeds, balance=amounts)
def test_every_seeded_difference_is_found_and_none_is_false(seed: dict[str, object], balance: int) -> None:
    legacy, ours = seeded(seed, balance)
    told = compare(legacy, ours)
    for kind, theirs, mine in (
        (Kind.MEALS, legacy.meals, ours.meals),
        (Kind.BALANCE, legacy.balance, ours.balance),
    ):
        assert theirs is not None
        assert mine is not None
        parts = of_kind(told, kind)
        assert bool(parts) == (theirs != mine)
        assert sum(one.amount for one in parts) == mine - theirs
        assert all(one.amount for one in parts)
    assert {one.kind for one in told} <= {Kind.MEALS, Kind.BALANCE}


@given(seed=seeds, balance=amounts)
def test_what_known_facts_account_for_is_never_unexplained(seed: dict[str, object], balance: int) -> None:
    legacy, ours = seeded(seed | {"strange_meals": 0, "strange_cents": 0}, balance)
    assert Reason.UNEXPLAINED not in {one.reason for one in compare(legacy, ours)}


@given(strange=amounts.filter(bool), balance=amounts)
def test_what_nothing_accounts_for_is_never_hidden(strange: int, balance: int) -> None:
    told = compare(Legacy(balance=balance), Ours(balance=balance + strange))
    assert [(one.reason, one.amount, one.waits) for one in told] == [(Reason.UNEXPLAINED, strange, True)]


@given(
    meals=st.integers(min_value=0, max_value=31),
    cents=st.integers(min_value=0, max_value=900),
    other=st.integers(min_value=0, max_value=900),
    balance=amounts,
)
def test_the_charge_adds_up_too(meals: int, cents: int, other: int, balance: int) -> None:
    ours = Ours(
        meals=meals,
        charged=meals * cents,
        balance=balance - meals * cents,
        unit_cents=cents,
        other_prices=(OtherPrice(Reason.OTHER_ISEE, other),),
    )
    legacy = Legacy(meals=meals, charged=meals * other, balance=balance - meals * other)
    told = compare(legacy, ours)
    assert bool(told) == (meals * cents != meals * other)
    assert sum(one.amount for one in of_kind(told, Kind.CHARGE)) == meals * (cents - other)
    assert sum(one.amount for one in of_kind(told, Kind.BALANCE)) == meals * (other - cents)
    assert Reason.UNEXPLAINED not in {one.reason for one in told}
