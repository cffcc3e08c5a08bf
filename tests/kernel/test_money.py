"""Amounts are exact cents, read and written as people in Italy do."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.kernel.isee import InvalidIsee, Isee
from sportello.kernel.money import InvalidAmount, Money, round_half_up

CENTS = st.integers(min_value=-(10**12), max_value=10**12)


@given(CENTS)
def test_what_is_written_is_read_back(cents: int) -> None:
    amount = Money(cents)
    assert Money.from_decimal_string(amount.format()) == amount
    assert Money.from_decimal_string(amount.as_decimal_string()) == amount


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,50", 123450),
        ("1234.5", 123450),
        ("12.500", 1250000),
        ("1.234.567,8", 123456780),
        ("€ 12,5", 1250),
        (" 12 EUR", 1200),
        ("-0,05 €", -5),
        ("+3", 300),
    ],
)
def test_the_usual_ways_of_writing_an_amount_are_read(text: str, cents: int) -> None:
    assert Money.from_decimal_string(text) == Money(cents)


@pytest.mark.parametrize("text", ["", "abc", "1,234.50", "12.34.56", "1.2345", "0,001", "--1", "1 e 2", "٣"])
def test_what_is_not_an_amount_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidAmount) as refused:
        Money.from_decimal_string(text)
    assert text in refused.value.message


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_rounding_is_to_the_nearest_and_halves_go_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    rounded = round_half_up(exact)
    assert abs(exact - rounded) <= Fraction(1, 2)
    assert round_half_up(-exact) == -rounded
    if abs(exact - rounded) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


def test_a_share_is_rounded_to_the_cent() -> None:
    assert Money(467).share(90) == Money(420)
    assert Money(498).share(85) == Money(423)
    assert Money(774).share(Decimal("36.90")) == Money(286)


@given(CENTS, CENTS)
def test_amounts_add_up_and_compare_as_their_cents(one: int, other: int) -> None:
    assert Money(one) + Money(other) == Money(one + other)
    assert Money(one) - Money(other) == Money(one - other)
    assert (Money(one) < Money(other)) == (one < other)
    assert Money.sum([Money(one), Money(other)]) == Money(one + other)


def test_an_amount_is_neither_a_number_nor_changed() -> None:
    assert Money(1) != 1
    assert len({Money(1), Money(1), Money(2)}) == 2
    with pytest.raises(AttributeError):
        Money(1).cents = 2  # type: ignore[misc]  # the point of the test


def test_an_isee_is_never_negative() -> None:
    assert Isee.from_decimal_string("12.500,01").cents == 1250001
    with pytest.raises(InvalidIsee):
        Isee(-1)
