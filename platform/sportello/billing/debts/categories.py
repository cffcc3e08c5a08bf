"""Under which code of pagoPA's taxonomy the sums of a service travel (P31)."""

from typing import Final

# The endings mix TS, SP and AP: they are looked up, never derived.
CATEGORIES: Final = {
    "mensa": "9/0107101TS/",
    "trasporto": "9/0107102SP/",
    "nido": "9/0107106SP/",
    "infanzia": "9/0107100TS/",
    "prescuola": "9/0107103SP/",
    "interscuola": "9/0107104SP/",
    "doposcuola": "9/0107105SP/",
    "centri-estivi": "9/0108103TS/",
}
SCHOOL_FEES: Final = "9/0107100TS/"
"""Of the municipal educational services at large: what a service without a code of its own falls under."""


def category_of(service_code: str) -> str:
    """The code of a service."""
    return CATEGORIES.get(service_code, SCHOOL_FEES)
