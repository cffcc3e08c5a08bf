"""From the name of a place to its Belfiore codes, past names included."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from sportello.kernel.fiscal_code import places_named

_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def codes_named(name: str, province: str = "") -> frozenset[str]:
    """The codes a place of that name has had; empty when the registry does not know the name.

    >>> sorted(codes_named("BARI")), sorted(codes_named("bitonto", "BA"))
    (['A662'], ['A893'])
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    slug = _NOT_LETTERS.sub("-", plain).strip("-")
    return frozenset(code for code, its in places_named(slug) if not province or its == province.upper())
