"""Places that go on by themselves into the next school year, as the edition of the new year says."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from services_catalog.models import Edition, EditionStatus
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.enrolment.models import Subscription, SubscriptionOrigin
from sportello.enrolment.occupancy import lock_places
from sportello.families.models import Child
from sportello.families.queries import accounts_acting_for
from sportello.kernel.clock import ROME
from sportello.kernel.errors import DomainError, gettext_noop
from sportello.kernel.school_year import SchoolYear
from sportello.notifications.notifying import notify


class NewYearNotInForce(DomainError):
    """A place of the new year stands on an act: the edition must be in force on its first day."""


@transaction.atomic
def renew_places(
    *, edition: Edition, children: Sequence[int], year: SchoolYear, actor: int | None, now: datetime
) -> int:
    """Gives the children (by id) who hold a place to the end of the year before their place of ``year``.

    The new place names the one it goes on from and the edition that says so, for the whole year. Whoever has a place
    of the new year already keeps that one: running again does nothing. Guardians are told. Returns how many were
    renewed. Raises NewYearNotInForce.
    """
    if not may_renew(edition, year):
        raise NewYearNotInForce(
            gettext_noop("La tariffa di «%(service)s» per il %(year)s non è ancora in vigore."),
            service=edition.service.name,
            year=str(year),
        )
    lock_places(edition.service)
    made = Subscription.objects.bulk_create(
        Subscription(
            child_id=place.child_id,
            service=edition.service,
            edition=edition,
            origin=SubscriptionOrigin.RENEWAL,
            renewed_from=place,
            valid_during=year.period.bounds,
        )
        for place in _ending(edition, children, year)
    )
    if made:
        _put_on_record(edition, made, year, actor, now)
        _tell_families(edition, [place.child_id for place in made], year, now)
    return len(made)


def may_renew(edition: Edition, year: SchoolYear) -> bool:
    """Whether places of the year can stand on the edition: it is in force on the first day."""
    return edition.status == EditionStatus.IN_FORCE and year.period.start in edition.period


def _ending(edition: Edition, children: Sequence[int], year: SchoolYear) -> list[Subscription]:
    """The places that end, of who has none in the new year."""
    held = Subscription.objects.filter(service=edition.service_id, child__in=children)
    again = held.filter(valid_during__overlap=year.period.bounds).order_by().values("child")
    ending = held.filter(valid_during__contains=year.previous.period.last_day).exclude(child__in=again)
    return list(ending.order_by("child", "pk"))


def _put_on_record(
    edition: Edition, made: Sequence[Subscription], year: SchoolYear, actor: int | None, now: datetime
) -> None:
    record(
        action=Action.CHILD_CHANGED,
        actor=actor,
        subject_kind="renewal",
        subject=f"{edition.service.code}:{year.start_year}",
        now=now,
        details={"event": "places_renewed", "edition": edition.pk, "places": [place.pk for place in made]},
    )


def _tell_families(edition: Edition, children: Sequence[int], year: SchoolYear, now: datetime) -> None:
    with override("it"):  # the office's language is not the family's
        for account, own in accounts_acting_for(children, now.astimezone(ROME).date()):
            subject = _("%(service)s: il posto continua nel %(year)s") % {
                "service": edition.service.name,
                "year": year,
            }
            notify(
                account=account,
                topic="application",
                subject=subject,
                body=_told(edition, own, year),
                link=reverse("desk:child", args=[own[0].public_id]),
                email=account.email,
                key=f"renewed:{edition.service.code}:{year.start_year}:{own[0].public_id}",
                now=now,
            )


def _told(edition: Edition, children: Sequence[Child], year: SchoolYear) -> str:
    names = ", ".join(child.given_name for child in children)
    told = ngettext(
        "%(names)s: il posto si rinnova da solo dal %(day)s, come prevede l'atto %(act)s. Non serve un'altra domanda.",
        "%(names)s: i posti si rinnovano da soli dal %(day)s, come prevede l'atto %(act)s. Non servono altre domande.",
        len(children),
    ) % {"names": names, "day": f"{year.period.start:%d/%m/%Y}", "act": edition.act_number}
    return f"{told} " + _("Chi non usa più il servizio lo dica all'ufficio. La tariffa arriva con un avviso a parte.")
