"""Yes and no, sex, the trip of a bus: short words with few meanings. The value table of a mapping comes first."""

from typing import Final

YES: Final = frozenset(["si", "s", "sì", "sí", "si'", "x", "y", "yes", "true", "vero", "v", "1", "ok"])
NO: Final = frozenset(["no", "n", "false", "falso", "f", "0", "-"]) | {""}
SEXES: Final = {
    **dict.fromkeys(("m", "maschio", "masch", "maschile", "male", "1"), "M"),
    **dict.fromkeys(("f", "femmina", "femm", "femminile", "female", "2"), "F"),
}
TRIPS: Final = {
    **dict.fromkeys(("a", "andata", "solo andata", "outward"), "outward"),
    **dict.fromkeys(("r", "ritorno", "solo ritorno", "return"), "return"),
    **dict.fromkeys(
        ("ar", "a/r", "a-r", "a r", "a.r.", "andata e ritorno", "andata/ritorno", "entrambe", "both"), "both"
    ),
}


def read_yes_no(text: str) -> bool | None:
    """True, False, or None for a word that is neither.

    >>> read_yes_no("Sì"), read_yes_no(""), read_yes_no("forse")
    (True, False, None)
    """
    plain = text.strip().lower()
    return True if plain in YES else False if plain in NO else None


def read_sex(text: str) -> str | None:
    """M, F, empty where nothing is written, None for another word."""
    plain = text.strip(" .").lower()
    return SEXES.get(plain) if plain else ""


def read_trip(text: str) -> str | None:
    """outward, return, both, or None."""
    return TRIPS.get(" ".join(text.lower().split()))
