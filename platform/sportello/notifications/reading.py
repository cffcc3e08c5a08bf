"""Reading notices."""

from datetime import datetime

from sportello.notifications.models import Notice


def mark_read(*, notice: Notice, now: datetime) -> None:
    """Remembers when a notice was first opened."""
    if notice.read_at is None:
        notice.read_at = now
        notice.save(update_fields=["read_at"])
