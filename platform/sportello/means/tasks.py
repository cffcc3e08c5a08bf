"""Celery's doors to the means: the questions for INPS, and the standing with the local taxes."""

from typing import Any

from celery import shared_task

from integrations.errors import ConnectorError
from sportello.families.models import Adult
from sportello.kernel import clock
from sportello.means.answering import ask_due
from sportello.means.asking_taxes import ask_tax_position
from sportello.means.forgetting_taxes import forget_tax_files, forget_tax_positions


@shared_task(name="means.ask_inps")
def ask_inps() -> None:
    """Puts the questions that are due in this Comune."""
    ask_due(now=clock.now)


@shared_task(
    name="means.ask_tax_position",
    bind=True,
    autoretry_for=(ConnectorError,),
    retry_backoff=60,
    max_retries=5,
)
def ask(_task: Any, *, adult: str, actor: int | None) -> None:  # Any: the task itself
    """Asks about one adult by her public id; comes back later when the tax office does not answer."""
    ask_tax_position(adult=Adult.objects.get(public_id=adult), actor=actor, now=clock.now())


@shared_task(name="means.forget_taxes")
def forget() -> None:
    """Deletes what is past its expiry."""
    forget_tax_positions(today=clock.today())
    forget_tax_files(now=clock.now())
