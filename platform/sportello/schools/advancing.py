"""Which class follows a class on 1 September. Pure.

A section is asked, not a child: where a preschool mixes ages in a section, the school says who leaves.
"""

from dataclasses import dataclass
from typing import Final

CLASSES: Final = {"nido": 3, "infanzia": 3, "primaria": 5, "secondaria_1": 3, "secondaria_2": 5}
"""How many classes a level has, in the order in which children pass through the levels."""
_ORDER: Final = tuple(CLASSES)


@dataclass(frozen=True, slots=True)
class NextClass:
    """The class that follows; ``changes_level`` when it is the first of the next level, in a school to be chosen."""

    level: str
    class_year: int
    changes_level: bool = False


def next_class(level: str, class_year: int) -> NextClass | None:
    """The class after that one; None after the last of all. A level nobody knows goes on.

    >>> next_class("infanzia", 3)
    NextClass(level='primaria', class_year=1, changes_level=True)
    """
    if class_year < CLASSES.get(level, class_year + 1):
        return NextClass(level, class_year + 1)
    after = _ORDER.index(level) + 1
    return NextClass(_ORDER[after], 1, changes_level=True) if after < len(_ORDER) else None
