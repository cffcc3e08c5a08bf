"""What was encoded twice is put right where there is one way to read it, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.sources.recoding import looks_garbled, put_right

ITALIAN = ["Città Vecchia", "Unità d'Italia", "San Mattéo", "SOCIETÀ", "L’ALBERO", "€ 10,00", "n.° 3", "João", "Marić"]
RIGHT = [*ITALIAN, "perché’»", "«così»", "l’èra", "Â", "Ça va", "Müller & Söhne", "CITTÃ", "ÀÈÌÒÙ", "è’"]


@pytest.mark.parametrize("text", ITALIAN)
@pytest.mark.parametrize("by", ["cp1252", "latin-1"])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_text_encoded_twice_is_read_as_it_was_written(text: str, by: str, times: int) -> None:
    garbled = text
    for _ in range(times):
        garbled = garbled.encode().decode(by, "replace")
    assert put_right(garbled) == text


@pytest.mark.parametrize("text", RIGHT)
def test_text_that_is_right_stays(text: str) -> None:
    assert put_right(text) == text


@pytest.mark.parametrize(
    ("garbled", "text"),
    [
        ("CittÃ  Vecchia", "Città Vecchia"),
        ("CittÃ Vecchia", "Città Vecchia"),
        ("UnitÃ d'Italia", "Unità d'Italia"),
        ("CittÃ", "Città"),
        ("CittÃ|L1", "Città|L1"),
    ],
)
def test_the_blank_that_was_half_of_an_a_may_be_lost(garbled: str, text: str) -> None:
    assert put_right(garbled) == text


@pytest.mark.parametrize("garbled", ["CÃ ssano", "CITTÃ", "CITT\u00c3\ufffd", "Citt\u00c3?", "â€", "Å\ufffdódź"])
def test_what_is_not_certain_stays_and_is_told(garbled: str) -> None:
    assert put_right(garbled) == garbled
    assert looks_garbled(garbled)


@given(st.text(alphabet="abcXYZ àèéìòùÀÈÉÌÒÙ'’«».,;|0123456789€°"))
def test_no_italian_text_is_ever_changed(text: str) -> None:
    assert put_right(text) == text
    assert not looks_garbled(text)


@given(st.text(alphabet="abcXYZ àèéìòùÀÈÉÌÒÙ'’.;0189€°"))
def test_the_way_back_is_the_way_out(text: str) -> None:
    assert put_right(text.encode().decode("latin-1")) == text
