"""Who sits where on a day, for work that looks at all the children of the Comune."""

from dataclasses import dataclass
from datetime import date

from sportello.families.models import Pupil


@dataclass(frozen=True, slots=True)
class Seat:
    """The class in which a child sits."""

    child_id: int
    section_id: int
    school_id: int
    school_code: str
    level: str
    class_year: int
    letter: str


def seats_on(day: date) -> dict[int, Seat]:
    """The seat of every child who has one on that day, by the child's id; one query."""
    rows = Pupil.objects.filter(valid_during__contains=day).values_list(
        "child_id",
        "section_id",
        "section__school_id",
        "section__school__school_code",
        "section__school__level",
        "section__class_year",
        "section__letter",
    )
    return {row[0]: Seat(*row) for row in rows.order_by("pk")}
