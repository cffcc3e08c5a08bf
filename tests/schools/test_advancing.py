"""Which class follows a class."""

import pytest

from sportello.schools.advancing import CLASSES, NextClass, next_class


@pytest.mark.parametrize(
    ("level", "class_year", "after"),
    [
        ("primaria", 1, NextClass("primaria", 2)),
        ("primaria", 4, NextClass("primaria", 5)),
        ("primaria", 5, NextClass("secondaria_1", 1, changes_level=True)),
        ("nido", 3, NextClass("infanzia", 1, changes_level=True)),
        ("infanzia", 3, NextClass("primaria", 1, changes_level=True)),
        ("secondaria_1", 3, NextClass("secondaria_2", 1, changes_level=True)),
        ("secondaria_2", 5, None),
        ("", 2, NextClass("", 3)),
    ],
)
def test_a_class_is_followed_by_the_next_or_by_the_first_of_the_next_level(
    level: str, class_year: int, after: NextClass | None
) -> None:
    assert next_class(level, class_year) == after


def test_from_the_nursery_to_the_end_every_class_is_met_once() -> None:
    seen, here = [], ("nido", 1)
    while True:
        seen.append(here)
        after = next_class(*here)
        if after is None:
            break
        here = (after.level, after.class_year)
    assert seen == [(level, year) for level, last in CLASSES.items() for year in range(1, last + 1)]
