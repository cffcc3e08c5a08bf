"""Who is whose: reads that several faces share."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from sportello.accounts.models import Account
from sportello.families.models import Adult, Child, Guardianship, Pupil


def adult_of(account: Account) -> Adult | None:
    """The person of the families who has logged in: the adult with the same fiscal code."""
    code = account.fiscal_code
    return None if code is None else Adult.objects.filter(fiscal_code=code).first()


def children_of(account: Account, today: date) -> QuerySet[Child]:
    """The children for whom the person may act on that day: guardian in force, and not barred by a court."""
    code = account.fiscal_code
    if code is None:
        return Child.objects.none()
    held = Guardianship.objects.filter(
        child=OuterRef("pk"), adult__fiscal_code=code, barred=False, valid_during__contains=today
    )
    return Child.objects.filter(Exists(held))


def barred_from(account: Account, today: date) -> QuerySet[Child]:
    """The children whom a court keeps from the person on that day."""
    code = account.fiscal_code
    if code is None:
        return Child.objects.none()
    barred = Guardianship.objects.filter(
        child=OuterRef("pk"), adult__fiscal_code=code, barred=True, valid_during__contains=today
    )
    return Child.objects.filter(Exists(barred))


def placement_on(child: Child, day: date) -> Pupil | None:
    """The section in which the child sits on that day, with its school; None when there is none."""
    return Pupil.objects.filter(child=child, valid_during__contains=day).select_related("section__school").first()


def placements_on(children: Iterable[Child], day: date) -> dict[int, Pupil]:
    """As :func:`placement_on` for many children at once, by the child's id."""
    placed = Pupil.objects.filter(child__in=[child.pk for child in children], valid_during__contains=day)
    return {pupil.child_id: pupil for pupil in placed.select_related("section__school")}


def siblings_of(child: Child) -> QuerySet[Child]:
    """The other children of the same household."""
    if child.household_id is None:
        return Child.objects.none()
    return Child.objects.filter(household=child.household_id).exclude(pk=child.pk)
