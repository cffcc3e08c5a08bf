"""The simulator behind the connector's port: the same messages, another end of the wire."""

from integrations.inps_isee.messages import build_request, read_reply
from integrations.inps_isee.settings import SimulatorSettings
from integrations.inps_isee.simulator.service import answer
from integrations.inps_isee.types import Answer, Question
from integrations.registry import Secret


class SimulatedInpsIsee:
    """Answers as the settings say for a fiscal code, else with an attestation invented from it."""

    def __init__(self, settings: SimulatorSettings, _secret: Secret) -> None:
        self.settings = settings

    def probe(self) -> None:
        """It is always there: it runs in this very process."""

    def consult(self, question: Question) -> Answer:
        """The invented attestation, or the failure asked for. Raises InpsError."""
        envelope = build_request(question, user=question.operator or self.settings.user, office=self.settings.office)
        return read_reply(answer(envelope, self.settings.answers), asked=question.fiscal_code)
