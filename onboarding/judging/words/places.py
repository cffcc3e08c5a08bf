"""From the name of a place to its Belfiore codes, past names included."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from sportello.kernel.fiscal_code import places_named

_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_WITH_PROVINCE: Final = re.compile(r"(.+?)\s*[(\[,/-]\s*([A-Za-z]{2})\s*[)\]]?")


@lru_cache(maxsize=4096)
def codes_named(name: str, province: str = "") -> frozenset[str]:
    """The codes a place of that name has had; empty when the registry does not know the name.

    >>> sorted(codes_named("BARI")), sorted(codes_named("bitonto", "BA")), sorted(codes_named("Corato (BA)"))
    (['A662'], ['A893'], ['C983'])
    """
    found = places_named(_slug(name))
    written = _WITH_PROVINCE.fullmatch(name) if not found else None
    if written is not None:
        found, province = places_named(_slug(written[1])), province or written[2]
    return frozenset(code for code, its in found if not province or its == province.upper())


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return _NOT_LETTERS.sub("-", plain).strip("-")
