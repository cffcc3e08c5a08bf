"""Families are told in time that the ISEE lapses, so that January does not surprise them with the highest fee."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.enrolment.models import Subscription
from sportello.families.models import Child
from sportello.families.queries import accounts_of, guardians_of
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from sportello.means.queries import isee_over_time
from sportello.notifications.models import Notice
from sportello.notifications.notifying import notify

NOTICE: Final = timedelta(days=30)
ONE_DAY: Final = timedelta(days=1)


def remind_of_lapsing_isee(*, now: datetime) -> int:
    """Tells the guardians of the enrolled children whose ISEE lapses within thirty days; returns of how many children.

    Once for each child and last day, whatever the number of runs. Nobody is told of a child who leaves the service
    before, or who has another ISEE for the day after.
    """
    today = now.astimezone(ROME).date()
    lapsing = {_key(child, last): (child, last) for child, last in _lapsing(today)}
    known = set(Notice.objects.filter(key__in=lapsing).values_list("key", flat=True))
    for key in lapsing.keys() - known:
        _tell(*lapsing[key], key=key, today=today, now=now)
    return len(lapsing.keys() - known)


def _lapsing(today: date) -> list[tuple[Child, date]]:
    """The children, each with the last day of its ISEE; two queries."""
    places = Subscription.objects.filter(valid_during__contains=today).select_related("child").order_by("child", "pk")
    by_child: dict[int, list[Subscription]] = {}
    for place in places:
        by_child.setdefault(place.child_id, []).append(place)
    found = []
    for pk, held in isee_over_time(by_child).items():
        last = _last_day(held, today)
        if last is not None and today >= last - NOTICE:
            after = last + ONE_DAY
            if any(after in DateRange.from_bounds(place.valid_during) for place in by_child[pk]):
                found.append((by_child[pk][0].child, last))
    return found


def _last_day(held: Iterable[tuple[DateRange, int]], today: date) -> date | None:
    """The day up to which some ISEE counts without a break; None when none counts today."""
    last: date | None = None
    for period, _cents in held:
        if today in period or (last is not None and period.start == last + ONE_DAY):
            last = period.last_day
    return last


def _key(child: Child, last: date) -> str:
    return f"isee_lapses:{child.public_id}:{last.isoformat()}"


def _tell(child: Child, last: date, *, key: str, today: date, now: datetime) -> None:
    with override("it"):  # what is kept is Italian
        subject = _("L'ISEE scade il %(day)s") % {"day": f"{last:%d/%m/%Y}"}
        body = _(
            "Dal giorno dopo, senza un ISEE nuovo, si applica la tariffa più alta. "
            "Presenta una DSU nuova all'INPS o a un CAF e comunicala al Comune."
        )
    for account in accounts_of(guardians_of(child, today)):
        notify(
            account=account,
            topic="isee",
            subject=subject,
            body=body,
            link=reverse("desk:child", args=[child.public_id]),
            email=account.email,
            key=key,
            now=now,
        )
