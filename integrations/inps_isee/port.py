"""What the connector can do, whoever answers."""

from typing import Protocol

from integrations.inps_isee.types import Answer, Question
from integrations.registry import Client


class InpsIsee(Client, Protocol):
    """Somebody who can be asked for an attestation."""

    def consult(self, question: Question) -> Answer:
        """The attestation, or none known. Raises InpsError."""
        ...
