"""The door of the connector: ask, within the day's limit, and leave a line in the exchange log."""

from datetime import datetime
from time import perf_counter
from typing import Final

from integrations.inps_isee.client import HttpInpsIsee
from integrations.inps_isee.daily_limit import take_turn
from integrations.inps_isee.errors import InpsError, word_of
from integrations.inps_isee.port import InpsIsee
from integrations.inps_isee.settings import InpsIseeSettings, Mode, settings_of_comune
from integrations.inps_isee.simulator.client import SimulatedInpsIsee
from integrations.inps_isee.types import Answer, Question
from integrations.models import ConnectorExchange, Outcome
from sportello.kernel.clock import ROME

KIND: Final = "inps_isee"


def consult(question: Question, *, now: datetime) -> Answer:
    """The attestation INPS holds, or none. Never call it inside a transaction that others wait for.

    Raises InpsError: InpsUnavailable and DailyLimitReached are worth asking again, the others are not. Every call
    leaves a row of the exchange log, without figures and without names.
    """
    settings = settings_of_comune()
    began = perf_counter()
    try:
        take_turn(limit=settings.daily_limit, day=now.astimezone(ROME).date())
        answer = _port(settings).consult(question)
    except InpsError as failure:
        _log(settings, now, began, Outcome.FAILED, word_of(failure))
        raise
    _log(settings, now, began, Outcome.OK, "" if answer.attestation else "not_found")
    return answer


def _port(settings: InpsIseeSettings) -> InpsIsee:
    return HttpInpsIsee(settings) if settings.mode == Mode.PDND else SimulatedInpsIsee(settings)


def _log(settings: InpsIseeSettings, now: datetime, began: float, outcome: Outcome, error_code: str) -> None:
    ConnectorExchange.objects.create(
        kind=KIND,
        adapter=settings.mode.value,
        operation="consult",
        outcome=outcome,
        happened_at=now,
        milliseconds=round((perf_counter() - began) * 1000),
        error_code=error_code,
    )
