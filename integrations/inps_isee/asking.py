"""The door of the connector: ask, within the day's limit, and leave a line in the exchange log."""

from datetime import datetime
from typing import cast

from integrations.inps_isee.daily_limit import take_turn
from integrations.inps_isee.port import InpsIsee
from integrations.inps_isee.registering import KIND
from integrations.inps_isee.types import Answer, Question
from integrations.registry import connector_for, exchange, is_answered
from sportello.kernel.clock import ROME


def consult(question: Question, *, reference: str, now: datetime) -> Answer:
    """The attestation INPS holds, or none. `reference` stands in the log: never a person's code.

    Must not be called in a transaction. Raises ConnectorError: those that are not permanent are worth asking again;
    and SettingsInvalid.
    """
    line = connector_for(KIND)
    inps = cast("InpsIsee", line.client)
    with exchange(line, operation="consult", reference=reference, now=now):
        take_turn(limit=line.settings.daily_limit, day=now.astimezone(ROME).date())
        return inps.consult(question)


def is_on() -> bool:
    """Whether anybody would answer the current Comune."""
    return is_answered(KIND)
