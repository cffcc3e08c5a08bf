"""What is wrong with a message."""

from integrations.pagopa.soap.operations import Operation
from integrations.pagopa.types import FaultCode


class BadMessage(Exception):
    """A question that cannot be read. `writing.refusal` makes the KO that tells so.

    `operation` is None when nobody said which it is; `id_pa` is empty when it could not be read. The description names
    elements and never repeats what stood in them: it goes to logs.
    """

    def __init__(
        self, operation: Operation | None, fault_code: FaultCode, description: str, *, id_pa: str = ""
    ) -> None:
        super().__init__(f"{fault_code}: {description}")
        self.operation = operation
        self.fault_code = fault_code
        self.description = description
        self.id_pa = id_pa


class AnswerUnfit(ValueError):
    """What was to be answered does not fit the contract: a defect of ours, found before it leaves."""


class Unfit(ValueError):
    """A value or an element is not what the schema allows."""


class Beyond(Unfit):
    """The schema allows it, and it still cannot be taken."""
