"""What the clock starts for pagoPA, in `public`: it belongs to no Comune."""

import logging

from celery import shared_task

from integrations.pagopa.drift_check import check_drift
from sportello.kernel import clock

log = logging.getLogger(__name__)


@shared_task(name="pagopa.check_drift", in_public=True)  # type: ignore[untyped-decorator, call-overload]  # our own option
def check_codes() -> None:
    """Compares the codes of the Comuni with PagoPA's record, for every broker."""
    made = check_drift(now=clock.now())
    log.info("Compared the codes with PagoPA's record", extra={"differences": sum(one.differences for one in made)})
