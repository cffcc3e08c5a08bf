"""From the name of a place to its Belfiore codes, past names included."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

from codicefiscale.data import get_indexed_data

_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def codes_named(name: str, province: str = "") -> frozenset[str]:
    """The codes a place of that name has had; empty when the registry does not know the name.

    >>> sorted(codes_named("BARI")), sorted(codes_named("bitonto", "BA"))
    (['A662'], ['A893'])
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    slug = _NOT_LETTERS.sub("-", plain).strip("-")
    data: dict[str, dict[str, list[dict[str, Any]]]] = get_indexed_data()  # the package gives untyped JSON, hence Any
    entries = [*data["municipalities"].get(slug, []), *data["countries"].get(slug, [])]
    return frozenset(
        str(entry["code"]) for entry in entries if not province or str(entry["province"]) == province.upper()
    )
