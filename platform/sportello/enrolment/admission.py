"""The office accepts an application: the child gets a place, the family is told.

One by one or in bulk; in bulk each application stands alone, so that one that cannot be accepted does
not hold up the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.accounts.models import Account
from sportello.applications.arrears import check_no_arrears
from sportello.applications.models import Application, ApplicationState
from sportello.applications.queries import readers_of
from sportello.applications.stated import stated_school
from sportello.applications.states import Actor, change_state
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.enrolment.first_use import first_usable_day
from sportello.enrolment.giving_places import check_place
from sportello.enrolment.models import Subscription, SubscriptionOrigin
from sportello.enrolment.pricing import reprice_household, send_household_prices
from sportello.enrolment.signals import subscription_started
from sportello.families.models import Child
from sportello.families.placing import place_in_section
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear
from sportello.notifications.notifying import notify


class AlreadySubscribed(DomainError):
    """The child has a place in this service already."""


class NothingToAccept(DomainError):
    """The application is not on the desk of this office any more."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one application of a bulk could not be accepted."""

    protocol: str
    sentence: str


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What became of a bulk: how many were accepted, and the others with their reasons."""

    accepted: int
    refused: tuple[Refusal, ...]


@transaction.atomic
def accept_application(
    *, public_id: UUID, actor: Account, now: datetime, starts_on: date | None = None
) -> Subscription:
    """Accepts a submitted application; the subscription runs from `starts_on` to the end of the school year.

    `starts_on` defaults to the day after, or to the first day on which a late enrolment may be used. Accepting twice
    raises TransitionNotAllowed, a child who has a place raises AlreadySubscribed, one beyond the places of the edition
    NoPlaceLeft, one for whom others come first OthersFirst, one whose family is in arrears RefusedForArrears where the
    edition says so; in every case nothing changes.
    """
    application, child = _locked(public_id)
    check_no_arrears(child=child, edition=application.edition, today=now.astimezone(ROME).date())
    starts_on = max(starts_on or now.date() + timedelta(days=1), first_usable_day(application))
    change_state(application=application, after=ApplicationState.ACCEPTED, side=Actor.OFFICE, actor=actor, now=now)
    check_place(application=application, child=child, starts_on=starts_on)
    subscription = _open_place(application, child, starts_on)
    record(
        action=Action.APPLICATION_DECIDED,
        actor=actor.pk,
        subject_kind="application",
        subject=application.public_id,
        now=now,
        details={"decision": ApplicationState.ACCEPTED},
    )
    _take_seat(application, subscription)
    child, service = subscription.child, subscription.service
    reprice_household(child=child, service=service, within=_days_of(subscription), now=now)
    send_household_prices(child=child, service=service, actor=actor.pk, now=now)
    subscription_started.send(Subscription, subscription=subscription)
    _tell_family(application, subscription, now)
    return subscription


def accept_many(*, public_ids: Sequence[UUID], actor: Account, now: datetime) -> BulkOutcome:
    """Accepts each application in its own transaction, and says which could not be accepted and why."""
    accepted, refused = 0, []
    for public_id in public_ids:
        try:
            accept_application(public_id=public_id, actor=actor, now=now)
            accepted += 1
        except DomainError as failure:
            refused.append(Refusal(_protocol_of(public_id), str(failure)))
    return BulkOutcome(accepted, tuple(refused))


def _protocol_of(public_id: UUID) -> str:
    application = Application.objects.select_related("protocol").filter(public_id=public_id).first()
    return str(application.protocol) if application and application.protocol else "-"


def _locked(public_id: UUID) -> tuple[Application, Child]:
    rows = Application.objects.select_related("child", "service", "edition", "applicant", "protocol")
    application = rows.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if application is None or application.child is None:
        raise NothingToAccept(_("La domanda non c'è più."))
    return application, application.child


def _open_place(application: Application, child: Child, starts_on: date) -> Subscription:
    year = SchoolYear(application.school_year)
    try:
        with transaction.atomic():
            return Subscription.objects.create(
                child=child,
                service=application.service,
                edition=application.edition,
                application=application,
                origin=SubscriptionOrigin.APPLICATION,
                valid_during=(max(starts_on, year.period.start), year.period.end),
            )
    except IntegrityError as error:
        raise AlreadySubscribed(_("Il bambino è già iscritto a questo servizio.")) from error


def _take_seat(application: Application, subscription: Subscription) -> None:
    """The class that the family stated, where the Comune knew none or another."""
    stated = stated_school(application)
    if stated is not None:
        place_in_section(
            child=subscription.child,
            school_code=stated.school_code,
            class_year=stated.class_year,
            letter=stated.letter,
            from_day=subscription.valid_during[0],
        )


def _days_of(subscription: Subscription) -> DateRange:
    start, end = subscription.valid_during
    return DateRange(start, end)


def _tell_family(application: Application, subscription: Subscription, now: datetime) -> None:
    starts = f"{subscription.valid_during[0]:%d/%m/%Y}"
    with override("it"):  # the clerk's language is not the family's
        subject = _("La domanda %(protocol)s è stata accolta") % {"protocol": application.protocol}
        body = _("Il servizio comincia il %(starts)s. Nella tua area personale trovi il costo e i pasti.") % {
            "starts": starts
        }
    for account, email in readers_of(application, now.astimezone(ROME).date()):
        notify(
            account=account,
            topic="application",
            subject=subject,
            body=body,
            link=reverse("applications:application", args=[application.public_id]),
            email=email,
            key=f"accepted:{application.public_id}",
            now=now,
        )
