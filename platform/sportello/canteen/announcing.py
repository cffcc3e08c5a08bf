"""Telling the families of a day without canteen, and of one that is given back: one notice for each person, once.

It runs as a job: the click that closes the schools of a Comune does not wait for its thousands of families.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from services_catalog.models import Closure, ClosureKind
from sportello.canteen.cancelling import meals_cancelled, months_already_closed
from sportello.families.queries import accounts_acting_for
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from sportello.notifications.models import Notice
from sportello.notifications.notifying import notify
from sportello.ui.templatetags.ui import it_date

TELL_CLOSURE: Final = "canteen.tell_closure"
TELL_REOPENING: Final = "canteen.tell_reopening"
PLANNED: Final = frozenset({ClosureKind.HOLIDAY, ClosureKind.PATRON})
"""Kinds that everybody reads in the calendar at the start of the year: nobody is told one by one."""


def tell_closure(*, closure: int, now: datetime) -> int:
    """Tells each guardian of a child who loses a meal, once; returns how many. A closure taken back tells nobody."""
    held = Closure.objects.select_related("school", "section__school").filter(pk=closure).first()
    if held is None:
        return 0
    cancelled = meals_cancelled(held)
    given_back = bool(months_already_closed(DateRange.from_bounds(held.days)))
    people = accounts_acting_for(cancelled.children, now.astimezone(ROME).date())
    for account, children in people:
        days = cancelled.of({child.pk for child in children})
        names = [child.given_name for child in children]
        with override("it"):  # the office's language is not the family's
            subject = _("Mensa: %(reason)s, %(days)s") % {"reason": held.reason, "days": _written(days)}
            body = _body(names, days, held.reason, given_back=given_back)
        notify(
            account=account,
            topic="canteen",
            subject=subject,
            body=body,
            link=reverse("desk:dues"),
            email=account.email,
            key=f"closed:{held.pk}",
            now=now,
        )
    return len(people)


def tell_reopening(*, closure: int, days: DateRange, now: datetime) -> int:
    """Tells those who were told of a closure that it was taken back; returns how many."""
    told = list(Notice.objects.filter(key=f"closed:{closure}").select_related("account").order_by("pk"))
    with override("it"):
        text = {"days": _written([days.start] if days.last_day == days.start else [days.start, days.last_day])}
        subject = _("Mensa: il servizio c'è, %(days)s") % text
        body = _("La chiusura che ti avevamo comunicato è stata annullata: %(days)s la mensa c'è.") % text
    for notice in told:
        notify(
            account=notice.account,
            topic="canteen",
            subject=subject,
            body=body,
            link=reverse("desk:dues"),
            email=notice.account.email,
            key=f"reopened:{closure}",
            now=now,
        )
    return len(told)


def run_tell_closure(job: Job, progress: Progress) -> dict[str, Any]:
    """The job: its argument is the id of the closure."""
    told = tell_closure(closure=job.arguments["closure"], now=clock.now())
    progress.advance(done=1, total=1)
    return {"told": told}


def run_tell_reopening(job: Job, progress: Progress) -> dict[str, Any]:
    """The job: the closure is gone, so that its days come with its id."""
    first, last = (date.fromisoformat(job.arguments[name]) for name in ("first_day", "last_day"))
    told = tell_reopening(closure=job.arguments["closure"], days=DateRange.inclusive(first, last), now=clock.now())
    progress.advance(done=1, total=1)
    return {"told": told}


def _body(names: Sequence[str], days: Sequence[date], reason: str, *, given_back: bool) -> str:
    text = {"days": _written(days).capitalize(), "names": ", ".join(names), "reason": reason}
    body = _("%(days)s la mensa non c'è per %(names)s: %(reason)s. Questi pasti non si pagano.") % text
    if given_back:
        body += " " + _("Quelli già addebitati tornano a credito con la prossima chiusura del mese.")
    return body


def _written(days: Sequence[date | None]) -> str:
    if len(days) == 1:
        return it_date(days[0], "long")
    return _("dal %(first)s al %(last)s") % {"first": it_date(days[0]), "last": it_date(days[-1])}
