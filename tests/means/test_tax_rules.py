"""Arrears do something only where the edition says so, by an act."""

from datetime import date

import pytest

from integrations.tributi.types import Tax, Verdict
from sportello.means.tax_rules import ArrearsEffect, ArrearsPolicy, Position, arrears_effect, household_position

ACT = "il regolamento del 2021, articolo 4"
REFUSES = ArrearsPolicy(ArrearsEffect.REFUSE_REDUCTION, ACT)
BLOCKS = ArrearsPolicy(ArrearsEffect.BLOCK_ENROLMENT, ACT)
OWING = Position(Verdict.IN_ARREARS, frozenset({Tax.TARI}), date(2027, 1, 1))
REGULAR = Position(Verdict.REGULAR, frozenset(), date(2026, 12, 1))
UNKNOWN = Position(Verdict.UNKNOWN)
NOT_KNOWN = "La posizione con i tributi comunali non è nota: non cambia nulla."
NO_POLICY = "Per questo servizio la posizione con i tributi comunali non conta."


@pytest.mark.parametrize(
    ("position", "policy", "effect", "sentence"),
    [
        (OWING, ArrearsPolicy(), "none", NO_POLICY),
        (OWING, ArrearsPolicy(ArrearsEffect.BLOCK_ENROLMENT), "none", NO_POLICY),
        (None, REFUSES, "none", NOT_KNOWN),
        (UNKNOWN, BLOCKS, "none", NOT_KNOWN),
        (REGULAR, BLOCKS, "none", "La posizione con i tributi comunali è regolare."),
        (
            OWING,
            ArrearsPolicy(ArrearsEffect.REFUSE_REDUCTION, ACT, frozenset({Tax.IMU})),
            "none",
            "Gli importi non pagati riguardano tributi che per questo servizio non contano.",
        ),
        (
            OWING,
            REFUSES,
            "refuse_reduction",
            f"Ci sono tributi comunali non pagati (TARI): niente riduzioni, secondo {ACT}.",
        ),
        (
            OWING,
            BLOCKS,
            "block_enrolment",
            "Ci sono tributi comunali non pagati (TARI): l'iscrizione si accoglie dopo averli regolati, "
            f"secondo {ACT}.",
        ),
    ],
)
def test_what_a_position_does(position: Position | None, policy: ArrearsPolicy, effect: str, sentence: str) -> None:
    outcome = arrears_effect(position, policy)
    assert (outcome.effect.value, outcome.explanation) == (effect, sentence)


@pytest.mark.parametrize(
    ("positions", "together"),
    [
        ([], UNKNOWN),
        ([REGULAR, None], UNKNOWN),
        ([REGULAR, UNKNOWN], UNKNOWN),
        ([REGULAR, REGULAR], REGULAR),
        ([REGULAR, None, OWING], OWING),
    ],
)
def test_the_adults_of_a_household_together(positions: list[Position | None], together: Position) -> None:
    assert household_position(positions) == together
