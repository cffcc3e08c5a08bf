"""What a person may see of the applications, and what is open for a child."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from sportello.accounts.models import Account
from sportello.applications.models import Application, ApplicationState
from sportello.families.models import Act, Child
from sportello.families.queries import accounts_of, children_for, children_of, guardians_of

OPEN_STATES = (ApplicationState.SUBMITTED, ApplicationState.TO_COMPLETE, ApplicationState.ACCEPTED)


def visible_to(account: Account, today: date) -> QuerySet[Application]:
    """Those sent for a child of hers, by whomever; and her own, drafts too, while she may apply for their child.

    The drafts of others are theirs alone. A delegate follows what she sent herself, not what the family sent.
    """
    may_apply = Q(child__isnull=True) | Q(child__in=children_for(account, Act.APPLY, today))
    hers = Q(applicant=account) & may_apply
    shared = Q(child__in=children_of(account, today)) & ~Q(state=ApplicationState.DRAFT)
    return Application.objects.filter(hers | shared).select_related(
        "service", "edition", "child", "protocol", "applicant"
    )


def is_told_price(account: Account, application: Application, today: date) -> bool:
    """Whether the price may be shown to her: it tells of the ISEE, so it is for the guardians alone."""
    return application.child_id is None or children_of(account, today).filter(pk=application.child_id).exists()


def readers_of(application: Application, today: date) -> list[tuple[Account, str]]:
    """Whom the news of a sent application reaches, each with the address for the mail.

    Who sent it, while she may see it; the guardians of the child when she no longer may.
    """
    if application.child is None or visible_to(application.applicant, today).filter(pk=application.pk).exists():
        return [(application.applicant, application.contact_email)]
    return [(account, account.email) for account in accounts_of(guardians_of(application.child, today))]


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
