"""A child takes its seat in a class, from a day: the seat before ends there."""

from datetime import date

from django.db import transaction

from sportello.families.models import Child, Pupil
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School, Section

UNKNOWN_LETTER = "-"


@transaction.atomic
def place_in_section(*, child: Child, school_code: str, class_year: int, letter: str, from_day: date) -> Pupil:
    """Seats the child in the section (made when it is new) until the end of the school year.

    An unknown letter is written "-", until the school says it. Sitting there already changes nothing.
    Raises School.DoesNotExist for a code that no school of the Comune has.
    """
    year = SchoolYear.of(from_day)
    section, _ = Section.objects.get_or_create(
        school=School.objects.get(school_code=school_code),
        school_year=year.start_year,
        class_year=class_year,
        letter=letter.strip().upper() or UNKNOWN_LETTER,
    )
    held = Pupil.objects.select_for_update().filter(child=child, valid_during__contains=from_day).first()
    if held is not None and held.section_id == section.pk:
        return held
    if held is not None:
        _end(held, from_day)
    return Pupil.objects.create(child=child, section=section, valid_during=(from_day, year.period.end))


def _end(held: Pupil, day: date) -> None:
    if held.valid_during.lower == day:
        held.delete()
        return
    held.valid_during = (held.valid_during.lower, day)
    held.save(update_fields=["valid_during"])
