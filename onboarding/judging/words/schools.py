"""Schools: by their MIM code, or by a name that only one of them bears."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

MIM_CODE: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{8}")
_NOT_WORDS: Final = re.compile(r"[^a-z0-9]+")
_EMPTY: Final = """
scuola scuole istituto comprensivo ic ist statale plesso dell dello della del di infanzia materna primaria elementare
media secondaria primo grado i 1 1o circolo didattico cd sec
"""
_EMPTY_WORDS: Final = frozenset(_EMPTY.split())


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """The words of a school's name that tell it from others.

    >>> plain_name('SCUOLA PRIMARIA "GIUSEPPE VERDI"'), plain_name("I.C. G. Verdi")
    ('giuseppe verdi', 'c g verdi')
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = [word for word in _NOT_WORDS.sub(" ", plain).split() if word not in _EMPTY_WORDS]
    return " ".join(words)


def names_of(schools: Iterable[tuple[str, str]]) -> dict[str, str]:
    """(code, name) -> the code by name as it stands and by its plain form, of names that one school alone bears."""
    found: dict[str, set[str]] = {}
    whole: dict[str, set[str]] = {}
    for code, name in schools:
        found.setdefault(plain_name(name), set()).add(code)
        whole.setdefault(name.casefold(), set()).add(code)
    found.update(whole)
    return {name: next(iter(codes)) for name, codes in found.items() if name and len(codes) == 1}
