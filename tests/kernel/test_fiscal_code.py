"""Fiscal codes: what is accepted, what is refused and why, and what a code tells of a person."""

from datetime import date
from typing import Literal

import pytest
from codicefiscale import codicefiscale
from hypothesis import given
from hypothesis import strategies as st

from sportello.kernel.fiscal_code import FiscalCode, FiscalCodeDefect, InvalidFiscalCode

TODAY = date(2026, 11, 23)
BORN = st.dates(date(1927, 1, 1), TODAY)
PLACES = st.sampled_from(["A662", "A893", "L109", "F205", "H501", "Z129", "Z100"])
SEXES = st.sampled_from(["F", "M"])
NAMES = st.text("ABCDEFGHILMNOPQRSTUVZ '", min_size=1, max_size=20).filter(lambda text: text.strip(" '") != "")
type Sex = Literal["F", "M"]


@given(NAMES, NAMES, SEXES, BORN, PLACES)
def test_a_computed_code_tells_back_what_it_was_made_of(
    last_name: str, first_name: str, sex: Sex, born: date, place: str
) -> None:
    code = FiscalCode.compute(
        last_name=last_name, first_name=first_name, sex=sex, birth_date=born, birthplace_code=place
    )
    assert FiscalCode.parse(code.value) == code
    assert (code.sex, code.birth_date(today=TODAY), code.birthplace_code) == (sex, born, place)
    assert code.matches_name(last_name=last_name, first_name=first_name)
    assert not code.is_omocode
    assert code.root == code.value


@given(BORN, st.sets(st.sampled_from([6, 7, 9, 10, 12, 13, 14]), min_size=1))
def test_an_omocode_tells_the_same_person(born: date, replaced: set[int]) -> None:
    plain = FiscalCode.compute(last_name="ROSSI", first_name="MARIA", sex="F", birth_date=born, birthplace_code="A662")
    letters = ["LMNPQRSTUV"[int(char)] if place in replaced else char for place, char in enumerate(plain.value[:15])]
    stem = "".join(letters)
    omocode = FiscalCode.parse(stem + codicefiscale.encode_cin(stem))
    assert omocode.is_omocode
    assert omocode.root == plain.value
    assert omocode.birth_date(today=TODAY) == born
    assert omocode.birthplace_code == "A662"


def test_the_library_and_the_kernel_agree_on_a_code() -> None:
    known = codicefiscale.decode("RSSMRA80A01F205X")
    code = FiscalCode.parse("RSSMRA80A01F205X")
    assert known["birthdate"].date() == code.birth_date(today=TODAY)
    place = code.birthplace()
    assert place is not None
    assert (place.name, place.province) == ("Milano", "MI")


@pytest.mark.parametrize("text", ["rss mra 80a01 f205x", " RSSMRA80A01F205X ", "RSS-MRA-80A01-F205X"])
def test_spaces_hyphens_and_case_are_forgiven(text: str) -> None:
    assert FiscalCode.parse(text).value == "RSSMRA80A01F205X"


@pytest.mark.parametrize(
    ("text", "defect"),
    [
        ("", FiscalCodeDefect.LENGTH),
        ("RSSMRA80A01F205", FiscalCodeDefect.LENGTH),
        ("RSSMRA80A01F205È", FiscalCodeDefect.SHAPE),
        ("RSSMRA8OA01F205X", FiscalCodeDefect.SHAPE),
        ("RSSMRA80A01F205Z", FiscalCodeDefect.CHECK_CHARACTER),
        ("RSSMRA80B30F205A", FiscalCodeDefect.BIRTH_DATE),
        ("RSSMRA80A01A000C", FiscalCodeDefect.BIRTHPLACE),
        ("12345678901", FiscalCodeDefect.CHECK_CHARACTER),
        ("1234567890A", FiscalCodeDefect.SHAPE),
    ],
)
def test_a_wrong_code_is_refused_with_its_defect(text: str, defect: FiscalCodeDefect) -> None:
    with pytest.raises(InvalidFiscalCode) as refused:
        FiscalCode.parse(text)
    assert refused.value.defect is defect
    assert not text or text not in refused.value.message


def test_a_provisional_code_is_accepted_and_tells_nothing() -> None:
    code = FiscalCode.parse("12345678903")
    assert code.is_provisional
    assert (code.sex, code.birth_date(today=TODAY), code.birthplace()) == (None, None, None)
    assert code.matches_name(last_name="Rossi", first_name="Mario")


def test_a_code_is_not_spelt_out_in_a_traceback() -> None:
    assert "RSSMRA" not in repr(FiscalCode.parse("RSSMRA80A01F205X"))
