"""What the canteen does when a child gets a place: the diet the family asked for."""

from typing import Any

from sportello.applications.stated import stated_diet
from sportello.canteen.dieting import record_diet
from sportello.canteen.models import DietKind
from sportello.enrolment.models import Subscription
from sportello.kernel import clock


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
