"""What the clock starts for the Node, in `public`: receipts that are due, and the flows of yesterday."""

from datetime import timedelta

from celery import shared_task

import integrations.pagopa.simulator.fence  # noqa: F401  # refuses to load in production
from integrations.pagopa.simulator.carts import AFTER_RETURN
from integrations.pagopa.simulator.delivering import send_due
from integrations.pagopa.simulator.flows import make_flows
from integrations.pagopa.simulator.happened import forget_old
from sportello.kernel import clock


@shared_task(name="nodo.send_due", in_public=True)  # type: ignore[untyped-decorator, call-overload]  # our own option
def send_due_receipts() -> None:
    """Sends the receipts whose moment has come."""
    send_due(now=clock.now())


@shared_task(name="nodo.make_flows", in_public=True)  # type: ignore[untyped-decorator, call-overload]  # our own option
def make_flows_of_yesterday() -> None:
    """The providers' flows of the day before; what is told of long ago goes."""
    forget_old()
    make_flows(clock.today() - timedelta(days=1))


def send_soon() -> None:
    """Has the queue run a moment after the browser is back, rather than at the clock's next stroke."""
    send_due_receipts.apply_async(countdown=AFTER_RETURN.total_seconds() + 1)
