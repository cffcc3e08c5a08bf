"""A debt position as it leaves for a gateway, and what a gateway tells of it: no gateway's own words (P48)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from integrations.pagopa.types import Debtor, TransferLine


class PositionStatus(StrEnum):
    """The states of GPD v1 (P9)."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    VALID = "VALID"
    INVALID = "INVALID"
    EXPIRED = "EXPIRED"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    PAID = "PAID"
    REPORTED = "REPORTED"


class OptionStatus(StrEnum):
    """The states of an option of GPD v1."""

    UNPAID = "PO_UNPAID"
    PAID = "PO_PAID"
    PARTIALLY_REPORTED = "PO_PARTIALLY_REPORTED"
    REPORTED = "PO_REPORTED"


@dataclass(frozen=True, slots=True)
class Creditor:
    """The Comune towards a gateway."""

    fiscal_code: str
    company_name: str
    office_name: str = ""
    broker_code: str = ""
    station_code: str = ""


@dataclass(frozen=True, slots=True)
class PositionOption:
    """A way to pay: the whole at once, or (`is_instalment`) one of several parts."""

    notice_number: str
    amount_cents: int
    description: str
    due_on: date
    is_instalment: bool
    transfers: tuple[TransferLine, ...]
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def iuv(self) -> str:
        """The payment reference."""
        return self.notice_number[1:]


@dataclass(frozen=True, slots=True)
class Position:
    """What somebody owes. `position_id` is ours and never changes: sending it again changes what is there (P24)."""

    position_id: str
    debtor: Debtor
    options: tuple[PositionOption, ...]
    switch_to_expired: bool
    valid_from: date | None = None
    pay_standin: bool = True


@dataclass(frozen=True, slots=True)
class OptionTold:
    """What the gateway says of an option."""

    notice_number: str
    amount_cents: int
    status: OptionStatus
    paid_at: datetime | None = None
    receipt_id: str = ""
    psp: str = ""
    flow: str = ""


@dataclass(frozen=True, slots=True)
class PositionTold:
    """What the gateway says of a position."""

    position_id: str
    status: PositionStatus
    options: tuple[OptionTold, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What the gateway would ask for a notice today."""

    notice_number: str
    amount_cents: int
    is_payable: bool
    is_paid: bool
