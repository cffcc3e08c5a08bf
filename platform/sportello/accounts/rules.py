"""Pure decisions on who may enter."""

from datetime import date
from typing import Final

MINIMUM_AGE: Final = 14  # AgID, determinazione 51/2022: digital identity of minors
ADULT_AGE: Final = 18
MINIMUM_LEVEL: Final = 2  # a password alone does not open personal data


def age_on(birth_date: date, day: date) -> int:
    """Years completed on that day; who is born on 29 February completes them on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def latest_birth(age: int, day: date) -> date:
    """The last birth date with which somebody has completed so many years on that day."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February, and that year had none
        return date(day.year - age, 2, 28)
