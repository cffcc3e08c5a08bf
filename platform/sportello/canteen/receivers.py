"""What the canteen does with the news of other rooms: a child gets a place, days are closed or given back."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from services_catalog.models import Closure
from sportello.accounts.models import Account
from sportello.applications.stated import stated_diet
from sportello.canteen.announcing import PLANNED, TELL_CLOSURE, TELL_REOPENING
from sportello.canteen.cancelling import settled_months
from sportello.canteen.dieting import record_diet
from sportello.canteen.errors import ClosureSettled
from sportello.canteen.models import DietKind
from sportello.enrolment.models import Subscription
from sportello.jobs.starting import start_job
from sportello.kernel import clock
from sportello.kernel.dates import DateRange


def record_stated_diet(sender: Any, subscription: Subscription, **_: Any) -> None:
    """Records the diet of the accepted application, in the transaction that accepts it."""
    application = subscription.application
    code = stated_diet(application) if application else None
    if application is None or code is None:
        return
    start, end = subscription.valid_during
    record_diet(
        child=subscription.child,
        kind=DietKind(code) if code in DietKind.values else DietKind.MEDICAL,
        code=code,
        from_day=start,
        until=end,
        actor=None,
        now=clock.now(),
    )


def tell_of_closed_days(sender: Any, closure: Closure, actor: Account | None, now: datetime, **_: Any) -> None:
    """Has the families told, once the closure is committed; not of what comes with a pack, nor of planned holidays."""
    if actor is not None and closure.kind not in PLANNED:
        start_job(kind=TELL_CLOSURE, arguments={"closure": closure.pk}, requested_by=actor.pk, now=now)


def judge_reopening(sender: Any, closure: Closure, now: datetime, **__: Any) -> None:
    """Raises ClosureSettled when a month was closed on the word of the closure; else has the families told."""
    if settled := settled_months(closure):
        raise ClosureSettled(
            _("Il mese di %(month)s è già stato chiuso senza questi pasti: la chiusura non si può più togliere."),
            month=settled[0].name,
        )
    days = DateRange.from_bounds(closure.days)
    last = days.last_day or days.start
    arguments = {"closure": closure.pk, "first_day": days.start.isoformat(), "last_day": last.isoformat()}
    start_job(kind=TELL_REOPENING, arguments=arguments, requested_by=None, now=now)
