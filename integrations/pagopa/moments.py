"""Instants as the REST services write them: with a zone, or without one, or a bare day."""

from datetime import UTC, date, datetime, time, tzinfo

from integrations.errors import AnswerUnreadable
from sportello.kernel.clock import ROME


def instant(text: str, *, zone: tzinfo = ROME) -> datetime:
    """An instant; one without a zone is in `zone`. Raises AnswerUnreadable."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as wrong:
        raise AnswerUnreadable from wrong
    return found if found.tzinfo else found.replace(tzinfo=zone)


def maybe_instant(text: str | None, *, zone: tzinfo = ROME) -> datetime | None:
    """An instant, or none."""
    return instant(text, zone=zone) if text else None


def day(text: str) -> date:
    """A day; of an instant, its day in Rome. Raises AnswerUnreadable."""
    return instant(text).astimezone(ROME).date()


def maybe_day(text: str | None) -> date | None:
    """A day, or none."""
    return day(text) if text else None


def written(moment: datetime) -> str:
    """`2026-12-31T22:59:59Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def end_of(on: date) -> str:
    """The last second of a day in Rome."""
    return written(datetime.combine(on, time(23, 59, 59), tzinfo=ROME))


def start_of(on: date) -> str:
    """The first second of a day in Rome."""
    return written(datetime.combine(on, time(), tzinfo=ROME))
