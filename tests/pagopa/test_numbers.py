"""Notice numbers and amounts: the vectors of P6 and P13, and what no error passes through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.pagopa.amounts import LARGEST, cents_of, text_of
from integrations.pagopa.numbers import (
    LARGEST_BASE,
    is_readable,
    is_valid,
    iuv_of,
    nav_of,
    notice_number,
    segregation_of,
)

segregations = st.integers(0, 99).map(lambda n: f"{n:02}")
bases = st.integers(0, LARGEST_BASE)


@pytest.mark.parametrize(
    ("segregation", "base", "iuv", "nav"),
    [
        ("12", 7, "12000000000000725", "312000000000000725"),
        ("03", 42, "03000000000004272", "303000000000004272"),
    ],
)
def test_the_vectors_of_the_reference(segregation: str, base: int, iuv: str, nav: str) -> None:
    assert notice_number(segregation, base) == nav
    assert (iuv_of(nav), nav_of(iuv), segregation_of(nav), is_valid(nav)) == (iuv, nav, segregation, True)


@given(segregation=segregations, base=bases)
def test_a_number_is_eighteen_digits_and_right(segregation: str, base: int) -> None:
    nav = notice_number(segregation, base)
    assert re.fullmatch(r"3[0-9]{17}", nav)
    assert is_valid(nav)
    assert nav[3:16] == f"{base:013}"


@given(segregation=segregations, base=bases, place=st.integers(1, 17), other=st.integers(1, 9))
def test_one_wrong_digit_is_seen(segregation: str, base: int, place: int, other: int) -> None:
    nav = notice_number(segregation, base)
    wrong = f"{nav[:place]}{(int(nav[place]) + other) % 10}{nav[place + 1 :]}"
    assert not is_valid(wrong)


@given(segregation=segregations, base=bases, place=st.integers(1, 16))
def test_two_swapped_digits_are_seen(segregation: str, base: int, place: int) -> None:
    nav = notice_number(segregation, base)
    wrong = f"{nav[:place]}{nav[place + 1]}{nav[place]}{nav[place + 2 :]}"
    assert is_valid(wrong) == (wrong == nav)


@pytest.mark.parametrize(("segregation", "base"), [("3", 1), ("٣٣", 1), ("003", 1), ("03", -1), ("03", 10**13)])
def test_no_number_out_of_bounds(segregation: str, base: int) -> None:
    with pytest.raises(ValueError, match="digits"):
        notice_number(segregation, base)


@pytest.mark.parametrize("text", ["", "303000000000004273", "003000000000004272", "3030000000000042720", "٣" * 18])
def test_what_is_no_number_of_ours(text: str) -> None:
    assert not is_valid(text)


def test_old_numbers_can_be_read_and_not_made() -> None:
    assert is_readable("001234567890123456")
    assert not is_readable("401234567890123456")
    with pytest.raises(ValueError, match="aux digit"):
        iuv_of("001234567890123456")


@given(st.integers(0, LARGEST))
def test_an_amount_comes_back_as_it_left(cents: int) -> None:
    assert cents_of(text_of(cents)) == cents
    assert re.fullmatch(r"[0-9]+\.[0-9]{2}", text_of(cents))


def test_no_cent_is_lost_as_it_would_be_with_floats() -> None:
    assert (cents_of("4.35"), cents_of("0.29"), cents_of("999999999.99"), text_of(435), text_of(5)) == (
        435,
        29,
        LARGEST,
        "4.35",
        "0.05",
    )


@pytest.mark.parametrize(
    "text", ["45.5", "45", "45,50", "45.500", "-1.00", "+1.00", " 1.00", "1e2", "", "٤.٣٥", "1_0.00"]
)
def test_an_amount_has_two_decimals(text: str) -> None:
    with pytest.raises(ValueError, match="two decimals"):
        cents_of(text)


@pytest.mark.parametrize("cents", [-1, LARGEST + 1])
def test_no_amount_out_of_bounds(cents: int) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        text_of(cents)
