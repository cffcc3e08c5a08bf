"""The words of enrolment: closed keys with their place, references that must exist, nothing that only a price reads."""

from typing import Any

import pytest

from services_catalog.publication import fingerprint_of
from services_catalog.reading import SchemaError, to_builtins
from tests.factories.editions import edition_content

BAND = {"code": "a", "label": {"it": "A"}, "on": {"kind": "filing_day"}, "at_least": {"years": 3}}
PLACES = {"code": "tutti", "label": {"it": "Tutti"}, "places": 10}
CONSENT = {"code": "consenso", "label": {"it": "Consenso"}}


def admission(**parts: Any) -> dict[str, Any]:
    return {"admission": parts}


def rule(kind: str, **parts: Any) -> dict[str, Any]:
    return admission(rules=[{"kind": kind, "code": "regola", **parts}])


def test_an_edition_without_rules_of_enrolment_keeps_its_fingerprint() -> None:
    plain = edition_content()
    assert "admission" not in to_builtins(plain)
    assert fingerprint_of(plain) != fingerprint_of(edition_content(**admission(capacity={"places": [PLACES]})))


@pytest.mark.parametrize(
    ("parts", "place", "words"),
    [
        (rule("age", bands=[{**BAND, "at_lest": {"years": 3}}]), "admission.rules[0].bands[0]", "Forse «at_least»?"),
        (rule("agge", bands=[BAND]), "admission.rules[0].kind", "agge"),
        (rule("distance", measure="feet", rows=[{"more_than": 1}]), "admission.rules[0].measure", "feet"),
        (rule("residence", comuni=["Bari"]), "admission.rules[0].comuni[0]", ""),
        (admission(documents=[{**CONSENT, "due": "tomorrow"}]), "admission.documents[0].due", "tomorrow"),
        (admission(capacity={"places": [{**PLACES, "places": -1}]}), "admission.capacity.places[0].places", ""),
    ],
)
def test_a_word_the_language_does_not_know_is_told_with_its_place(
    parts: dict[str, Any], place: str, words: str
) -> None:
    with pytest.raises(SchemaError) as error:
        edition_content(**parts)
    assert error.value.place == place
    assert words in error.value.message


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (rule("age", bands=[{**BAND, "at_least": None}]), "vuole «at_least» o «below»"),
        (rule("age", bands=[{**BAND, "below": {"months": 36}}]), "«below» non supera «at_least»"),
        (rule("age", bands=[{**BAND, "on": {"kind": "day_of_year", "day": "02-29"}}]), "giorno di ogni anno"),
        (rule("age", bands=[BAND, BAND]), "compare due volte"),
        (rule("school"), "dice gradi, scuole o classi"),
        (rule("circumstance", label={"it": "x"}, any_of=[{}]), "vale per tutti"),
        (rule("circumstance", label={"it": "x"}, any_of=[{"rank_from": 2}]), "li legge solo la tariffa"),
        (rule("circumstance", label={"it": "x"}, any_of=[{"all_of": ["ghost"]}]), "«ghost» non è dichiarata"),
        (rule("distance", measure="straight", rows=[{}]), "vuole «more_than» o «up_to»"),
        (
            rule("distance", measure="straight", rows=[{"up_to": 1}, {"up_to": 2}]),
            "due righe di distanza valgono per lo stesso grado",
        ),
        (
            rule("catchment", areas=[{"code": "a", "label": {"it": "A"}}], attested_by="office"),
            "nomina la «condition»",
        ),
        (rule("residence", windows=["ghost"]), "la finestra «ghost», che non c'è"),
        (admission(documents=[{**CONSENT, "due": "later"}]), "«within_days» o «by»"),
        (admission(documents=[{**CONSENT, "within_days": 5}]), "«within_days» o «by»"),
        (admission(documents=[CONSENT, CONSENT]), "compare due volte"),
        (
            admission(documents=[{**CONSENT, "answers": [{"question": "diet", "choice": "medical"}]}]),
            "la risposta «medical» a «diet», che non c'è",
        ),
        (admission(capacity={"places": [{**PLACES, "bands": ["ghost"]}]}), "«ghost» dei posti non c'è"),
        (admission(capacity={"places": [PLACES, PLACES]}), "stesso codice"),
    ],
)
def test_what_contradicts_itself_is_refused(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError) as error:
        edition_content(**parts)
    assert words in error.value.message


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"kind": "metres", "read_by": "families.school"}, "metri e zona"),
        ({"kind": "metres", "read_by": "admission.rule"}, "nomina la sua «rule»"),
        ({"kind": "yes_no", "read_by": "admission.condition"}, "nomina la sua «condition»"),
    ],
)
def test_a_question_names_what_reads_it(question: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError) as error:
        edition_content(questions=[{"code": "q", "label": {"it": "Q"}, **question}])
    assert words in error.value.message
