"""What the office has on its desk."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from sportello.applications.models import Application, ApplicationState, Attachment
from sportello.enrolment.models import Subscription
from sportello.means.queries import counting_on


def applications_for_office(today: date) -> QuerySet[Application]:
    """Every application that was sent, with what the queue shows; drafts belong to the family alone."""
    holding = counting_on(today).filter(child=OuterRef("child"))
    return (
        Application.objects.exclude(state=ApplicationState.DRAFT)
        .filter(protocol__isnull=False)
        .select_related("child", "service", "protocol")
        .annotate(
            has_isee=Exists(holding), has_attachment=Exists(Attachment.objects.filter(application=OuterRef("pk")))
        )
    )


def next_on_desk(application: Application, today: date) -> Application | None:
    """The next application to decide, by deadline, after this one has been dealt with."""
    waiting = applications_for_office(today).filter(state=ApplicationState.SUBMITTED).exclude(pk=application.pk)
    return waiting.order_by("answer_by", "pk").first()


def users_of_service(child_ids: Iterable[int], service_id: int, day: date) -> set[int]:
    """Which of the children have a place in the service on that day."""
    held = Subscription.objects.filter(child__in=list(child_ids), service=service_id, valid_during__contains=day)
    return set(held.values_list("child_id", flat=True))
