"""How a person's name is shown: legacy archives hold capitals, people read Giulia De Santis."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")


def shown_name(name: str) -> str:
    """Capitals become initial capitals, word by word; a name with small letters is left as its owner wrote it.

    >>> shown_name("D'AMBROSIO NICOLÒ"), shown_name("DE LUCA-ROSSI"), shown_name("Mac Donald")
    ("D'Ambrosio Nicolò", 'De Luca-Rossi', 'Mac Donald')
    """
    return _WORD.sub(lambda word: word[0].capitalize(), name) if name.isupper() else name
