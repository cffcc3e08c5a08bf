"""Celery's door to what pagoPA is told and asked. A Comune without pagoPA, or whose line is broken, is passed over:
the page of the connection says so, and what waits is counted.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from celery import shared_task

from integrations.errors import ConnectorError
from sportello.billing.debts.errors import InstitutionNotReady
from sportello.billing.publishing.following import follow_expiry, follow_ledger
from sportello.billing.publishing.polling import poll_all, poll_recent
from sportello.billing.publishing.sending import tell_waiting
from sportello.kernel import clock

log = logging.getLogger(__name__)


@shared_task(name="publishing.tell")
def tell() -> None:
    """Tells what the gateway of this Comune is behind with."""
    _try(tell_waiting)


@shared_task(name="publishing.follow")
def follow() -> None:
    """Looks for what has to be told again though no position changed: it reads the accounts of all open notices."""
    _try(_follow)


@shared_task(name="publishing.poll_recent")
def poll_the_recent() -> None:
    """Asks what was paid lately."""
    _try(poll_recent)


@shared_task(name="publishing.poll_all")
def poll_everything() -> None:
    """Asks what was paid in the last days, whatever was missed."""
    _try(poll_all)


def _follow(*, now: datetime) -> int:  # noqa: ARG001 -- as all that is tried
    return follow_ledger() + follow_expiry()


def _try(work: Callable[..., int]) -> None:
    try:
        work(now=clock.now())
    except (ConnectorError, InstitutionNotReady) as failure:
        log.warning("The gateway to pagoPA was not reached", extra={"code": failure.code})
