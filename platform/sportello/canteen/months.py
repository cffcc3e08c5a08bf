"""The months of the canteen as the office sees them: open or closed, with meals and amounts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from services_catalog.models import Service
from sportello.canteen.closed_days import is_closed
from sportello.canteen.models import MonthClose, Presence, PresenceChange, RollCall
from sportello.canteen.month import Month
from sportello.canteen.sending import sent_after_close
from sportello.canteen.tasks import MONTH_CLOSE
from sportello.jobs.models import Job
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month with roll calls. `close` is its latest close; `changed` counts what came since: presences corrected or
    closed, price decisions sent for who ate.
    """

    month: Month
    meals: int
    close: MonthClose | None
    changed: int
    is_over: bool
    running: Job | None

    @property
    def amount(self) -> Money | None:
        """What the month costs the families, once closed; with what is summed by the month, where meals are."""
        if self.close is None:
            return None
        totals = self.close.totals
        return Money(totals["cents"] + (totals["beside"]["cents"] if totals.get("summed") else 0))

    @property
    def state(self) -> str:
        """running, changed, closed, open (it may be closed) or current (it is not over)."""
        if self.running is not None:
            return "running"
        if self.close is not None:
            return "changed" if self.changed else "closed"
        return "open" if self.is_over else "current"


def months_of(service: Service, today: date, *, at_most: int = 24) -> list[MonthRow]:
    """The latest months with roll calls, newest first; meals of closed months are those of their close."""
    found = [Month.of(day) for day in RollCall.objects.order_by().dates("day", "month", order="DESC")[:at_most]]
    closes = latest_closes(service)
    running = running_jobs()
    return [_row(month, closes.get(month), today, running.get(str(month))) for month in found]


def month_row(service: Service, month: Month, today: date) -> MonthRow:
    """One month."""
    return _row(month, latest_closes(service).get(month), today, running_jobs().get(str(month)))


def latest_closes(service: Service) -> dict[Month, MonthClose]:
    """Month -> its latest close."""
    closes = MonthClose.objects.filter(service=service).select_related("job", "service").order_by("month", "revision")
    return {Month.of(close.month): close for close in closes}


def running_jobs() -> dict[str, Job]:
    """Month -> the close that is queued or running."""
    jobs = Job.objects.filter(kind=MONTH_CLOSE, finished_at=None).order_by("pk")
    return {job.arguments["month"]: job for job in jobs}


def _row(month: Month, close: MonthClose | None, today: date, running: Job | None) -> MonthRow:
    return MonthRow(
        month=month,
        meals=_meals(month) if close is None else close.totals["meals"],
        close=close,
        changed=0 if close is None else _changed_since(close, month),
        is_over=today >= month.next.first_day,
        running=running,
    )


def _meals(month: Month) -> int:
    return Presence.objects.filter(day__range=(month.first_day, month.last_day), ate=True).count()


def _changed_since(close: MonthClose, month: Month) -> int:
    moment = close.closed_at
    inside = (month.first_day, month.last_day)
    changed = PresenceChange.objects.filter(changed_at__gt=moment, presence__day__range=inside)
    late = Presence.objects.filter(roll_call__called_at__gt=moment, day__range=inside, ate=True)
    given_back = Presence.objects.filter(is_closed(recorded_at__gt=moment), day__range=inside, ate=True)
    counts: dict[str, Any] = changed.aggregate(presences=Count("presence", distinct=True))
    repriced = sent_after_close(close.service, month, moment)
    return int(counts["presences"]) + late.count() + given_back.count() + repriced.count()
