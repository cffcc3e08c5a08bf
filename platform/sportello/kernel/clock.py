"""The only reader of the time. Faces and tasks call it and pass the result on; the domain takes it as an argument.

CLOCK_SHIFT_DAYS moves the calendar by whole days: the demo and the tests live in the school year of their packs
whenever they are run. A system check refuses it in production.
"""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")
SHIFT = timedelta(days=int(os.environ.get("CLOCK_SHIFT_DAYS", "0")))


def now() -> datetime:
    """This instant, with the time zone of Rome."""
    return datetime.now(tz=ROME) + SHIFT  # noqa: TID251  # the one reader


def instant() -> datetime:
    """This instant in the world outside: for messages that another system checks against its own clock.

    Not moved by CLOCK_SHIFT_DAYS, which is about our calendar.
    """
    return datetime.now(tz=UTC)  # noqa: TID251  # the one reader


def today() -> date:
    """The date on the calendar in Rome."""
    return now().date()
