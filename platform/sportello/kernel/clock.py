"""The only reader of the time. Faces and tasks call it and pass the result on; the domain takes it as an argument."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


def now() -> datetime:
    """This instant, with the time zone of Rome."""
    return datetime.now(tz=ROME)  # noqa: TID251  # the one reader


def today() -> date:
    """The date on the calendar in Rome."""
    return now().date()
