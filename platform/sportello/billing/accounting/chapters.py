"""Which chapter a service has from a day on. What was before stays for the days before."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange as Range

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.accounting.errors import ChapterOverlaps
from sportello.billing.accounting.models import Chapter


@dataclass(frozen=True, slots=True)
class Wanted:
    """A chapter to set; `purpose` empty is every purpose."""

    service_code: str
    purpose: str
    code: str
    assessment_year: int
    assessment_number: str
    since: date


@transaction.atomic
def set_chapter(*, wanted: Wanted, actor: int, now: datetime) -> Chapter:
    """From that day on; the chapter that held ends the day before, one of the same day is put right.

    Raises ChapterOverlaps when a later one is set.
    """
    rows = Chapter.objects.select_for_update().filter(service_code=wanted.service_code, purpose=wanted.purpose)
    made = Chapter(service_code=wanted.service_code, purpose=wanted.purpose)
    for held in rows.filter(valid_during__overlap=Range(wanted.since, None)):
        if held.valid_during.lower > wanted.since or held.valid_during.upper is not None:
            raise ChapterOverlaps
        if held.valid_during.lower == wanted.since:
            made = held
        else:
            held.valid_during = Range(held.valid_during.lower, wanted.since)
            held.save(update_fields=["valid_during"])
    made.code, made.assessment_year = wanted.code.strip(), wanted.assessment_year
    made.assessment_number, made.valid_during = wanted.assessment_number.strip(), Range(wanted.since, None)
    made.save()
    record(
        action=Action.CHAPTER_CHANGED,
        actor=actor,
        subject_kind="chapter",
        subject=made.public_id,
        now=now,
        details={"service": wanted.service_code, "purpose": wanted.purpose, "since": wanted.since.isoformat()},
    )
    return made


class Chapters:
    """All chapters, read once."""

    def __init__(self) -> None:
        self._rows = list(Chapter.objects.order_by("pk"))

    def on(self, service_code: str, purpose: str, day: date) -> Chapter | None:
        """The chapter of a purpose, else that of every purpose."""
        held = [
            one
            for one in self._rows
            if one.service_code == service_code
            and one.purpose in {purpose, ""}
            and one.valid_during.lower <= day
            and (one.valid_during.upper is None or day < one.valid_during.upper)
        ]
        return max(held, key=lambda one: bool(one.purpose), default=None)
