"""Reporting flows (FdR): what a PSP says it has paid over to a Comune, in our own words (section 10)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class FlowOutcome(StrEnum):
    """How a line of a flow ended. Two of them have no receipt of ours behind them yet (P33)."""

    EXECUTED = "EXECUTED"
    REVOKED = "REVOKED"  # only in flows of the old format
    STAND_IN = "STAND_IN"
    STAND_IN_NO_RPT = "STAND_IN_NO_RPT"
    NO_RPT = "NO_RPT"


@dataclass(frozen=True, slots=True)
class FlowName:
    """Which flow: (PSP, id, revision). A later revision takes the place of the earlier ones (P32)."""

    fdr: str
    psp_id: str
    revision: int
    published_at: datetime | None = None
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FlowPayment:
    """A line. It is matched by `iur` (= receiptId) and `transfer_number`; by `iuv` and amount only to be looked at."""

    index: int
    iuv: str
    iur: str
    transfer_number: int
    amount_cents: int
    outcome: FlowOutcome
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow with its lines. `regulation` is the TRN of the bank transfer that brought the money."""

    name: FlowName
    creditor_code: str
    regulation: str
    regulated_on: date
    bank_bic: str
    psp_name: str
    declared_count: int
    declared_cents: int
    payments: tuple[FlowPayment, ...]

    @property
    def counted_cents(self) -> int:
        """The sum of the lines."""
        return sum(one.amount_cents for one in self.payments)

    @property
    def adds_up(self) -> bool:
        """Whether the lines are as many, and as much, as the flow declares (P35)."""
        return (len(self.payments), self.counted_cents) == (self.declared_count, self.declared_cents)
