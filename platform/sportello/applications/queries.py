"""What a person may see of the applications, and what is open for a child."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from sportello.accounts.models import Account
from sportello.applications.models import Application, ApplicationState
from sportello.families.models import Child
from sportello.families.queries import barred_from, children_of

OPEN_STATES = (ApplicationState.SUBMITTED, ApplicationState.TO_COMPLETE, ApplicationState.ACCEPTED)


def visible_to(account: Account, today: date) -> QuerySet[Application]:
    """Her own applications, and those sent for a child of hers by another guardian; none for a child she is barred
    from. The drafts of others are theirs alone.
    """
    hers = Q(applicant=account) & ~Q(child__in=barred_from(account, today))
    shared = Q(child__in=children_of(account, today)) & ~Q(state=ApplicationState.DRAFT)
    return Application.objects.filter(hers | shared).select_related(
        "service", "edition", "child", "protocol", "applicant"
    )


def drafts_of(account: Account, today: date, service_code: str | None = None) -> QuerySet[Application]:
    """Her drafts that may still be sent, the one touched last first: not those for a child who has applied since."""
    applied = Application.objects.filter(
        child=OuterRef("child"),
        service=OuterRef("service"),
        school_year=OuterRef("school_year"),
        state__in=OPEN_STATES,
    )
    drafts = visible_to(account, today).filter(~Exists(applied), state=ApplicationState.DRAFT)
    if service_code is not None:
        drafts = drafts.filter(service__code=service_code)
    return drafts.order_by("-changed_at", "-id")


def open_applications(children: Iterable[Child], *, service_id: int, school_year: int) -> dict[int, Application]:
    """The application already open or accepted for each of the children in that year, by the child's id."""
    found = Application.objects.filter(
        child__in=[child.pk for child in children],
        service=service_id,
        school_year=school_year,
        state__in=OPEN_STATES,
    ).select_related("protocol")
    return {application.child_id: application for application in found if application.child_id is not None}
