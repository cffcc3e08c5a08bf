"""Families are told in time that the ISEE lapses, so that January does not surprise them with the highest fee."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.enrolment.lapsing import Lapse, lapses_of
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
    before, who has another ISEE for the day after, or whose fees do not change: where the Comune keeps the ISEE.
    """
    today = now.astimezone(ROME).date()
    lapsing = {_key(one): one for one in _lapsing(today)}
    known = set(Notice.objects.filter(key__in=lapsing).values_list("key", flat=True))
    for key in lapsing.keys() - known:
        _tell(lapsing[key], key=key, today=today, now=now)
    return len(lapsing.keys() - known)


@dataclass(frozen=True, slots=True)
class _Lapsing:
    """A child, the last day of its ISEE, and what then changes."""

    child: Child
    last: date
    changes: tuple[Lapse, ...]


def _lapsing(today: date) -> list[_Lapsing]:
    """The children whose fees change, each with the last day of its ISEE; four queries."""
    places = Subscription.objects.filter(valid_during__contains=today).select_related("child", "service")
    by_child: dict[int, list[Subscription]] = {}
    for place in places.order_by("child", "pk"):
        by_child.setdefault(place.child_id, []).append(place)
    after: dict[int, date] = {}
    for pk, held in isee_over_time(by_child).items():
        last = _last_day(held, today)
        if last is not None and today >= last - NOTICE:
            after[pk] = last + ONE_DAY
    staying = [
        place for pk, day in after.items() for place in by_child[pk] if day in DateRange.from_bounds(place.valid_during)
    ]
    found = []
    for pk, lapses in (lapses_of(staying, after, today) if staying else {}).items():
        if changes := tuple(lapse for lapse in lapses if lapse.matters):
            found.append(_Lapsing(by_child[pk][0].child, after[pk] - ONE_DAY, changes))
    return found


def _last_day(held: Iterable[tuple[DateRange, int]], today: date) -> date | None:
    """The day up to which some ISEE counts without a break; None when none counts today."""
    last: date | None = None
    for period, _cents in held:
        if today in period or (last is not None and period.start == last + ONE_DAY):
            last = period.last_day
    return last


def _key(lapsing: _Lapsing) -> str:
    return f"isee_lapses:{lapsing.child.public_id}:{lapsing.last.isoformat()}"


def _tell(lapsing: _Lapsing, *, key: str, today: date, now: datetime) -> None:
    with override("it"):  # what is kept is Italian
        subject = _("L'ISEE scade il %(day)s") % {"day": f"{lapsing.last:%d/%m/%Y}"}
        opening = _("Senza un ISEE nuovo la tariffa cambia dal %(day)s.") % {
            "day": f"{lapsing.last + ONE_DAY:%d/%m/%Y}"
        }
        closing = _("Presenta una DSU nuova all'INPS o a un CAF e comunicala al Comune.")
        body = "\n".join([opening, *(change.sentence() for change in lapsing.changes), closing])
    for account in accounts_of(guardians_of(lapsing.child, today)):
        notify(
            account=account,
            topic="isee",
            subject=subject,
            body=body,
            link=reverse("enrolment:declare_isee", args=[lapsing.child.public_id]),
            email=account.email,
            key=key,
            now=now,
        )
