"""What the simulator can be told to answer."""

from enum import StrEnum


class Case(StrEnum):
    """Every outcome of the contract, every kind of attestation, and answers that break the contract."""

    MINORS = "minors"
    ATTRACTED = "attracted"
    ADDITIONAL = "additional"
    NOT_COMPUTABLE = "not_computable"
    ORDINARY = "ordinary"
    CURRENT = "current"
    SAVINGS = "PatrimoniMobiliari"
    INCOME = "RedditiScostamento"
    SAVINGS_BELOW = "PatrimoniMobiliariSottoSoglia"
    SAVINGS_ABOVE = "PatrimoniMobiliariSopraSoglia"
    EMPTY = "empty"
    NOT_FOUND = "DATI_NON_TROVATI"
    INVALID = "RICHIESTA_INVALIDA"
    MISMATCH = "RISCONTRO_NON_VALIDO"
    OFFLINE = "DATABASE_OFFLINE"
    INTERNAL = "ERRORE_INTERNO"
    OVER_LIMIT = "over_limit"
    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"
    SOMEBODY_ELSE = "somebody_else"


OUTCOMES = frozenset({Case.NOT_FOUND, Case.INVALID, Case.MISMATCH, Case.OFFLINE, Case.INTERNAL})
DISCREPANCIES = frozenset({Case.SAVINGS, Case.INCOME, Case.SAVINGS_BELOW, Case.SAVINGS_ABOVE})
