"""Whether a line of a flow is money that we know of, and if not, why (P32, P33). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from integrations.pagopa.flows import FlowOutcome


class Verdict(StrEnum):
    """What a line comes to; the values are those of `models.LineVerdict`, whose labels are the reasons."""

    MATCHED = "matched"
    FROM_FLOW = "from_flow"
    MISSING = "missing"
    TO_CHECK = "to_check"
    AMOUNT = "amount"
    UNKNOWN = "unknown"
    TWICE = "twice"
    REVOKED = "revoked"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a flow. `together_cents`: all lines of its flow with the same IUR."""

    iuv: str
    transfer_number: int
    amount_cents: int
    outcome: FlowOutcome
    together_cents: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A receipt: what of it is this Comune's, by number of transfer where the receipt says so."""

    own_cents: int
    transfers: Mapping[int, int] | None = None
    from_flow: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What we know of a line. `named`: the receipt of its IUR; `likely`: one of the same IUV and amount, without a
    line of its own; `has_notice`: the IUV is of a notice of ours; `reported_before`: (IUR, transfer) came already.
    """

    named: Paid | None = None
    likely: bool = False
    has_notice: bool = False
    reported_before: bool = False


def judge(line: Line, facts: Facts, *, segregation_code: str) -> Verdict:
    """The verdict of a line. A notice of ours begins with our segregation code (P7): others are of the Comune's other
    systems, whose payments the same flows bring.

    >>> judge(Line("0312", 1, 450, FlowOutcome.EXECUTED, 450), Facts(), segregation_code="03").value
    'unknown'
    """
    if line.outcome == FlowOutcome.REVOKED:
        return Verdict.REVOKED
    if facts.reported_before:
        return Verdict.TWICE
    if facts.named is not None:
        return _against(line, facts.named)
    if facts.likely:
        return Verdict.TO_CHECK
    if facts.has_notice:
        return Verdict.MISSING
    return Verdict.UNKNOWN if line.iuv.startswith(segregation_code) else Verdict.NOT_OURS


def _against(line: Line, paid: Paid) -> Verdict:
    """A receipt that does not tell its transfers apart is compared whole."""
    if paid.transfers is None:
        agrees = line.together_cents == paid.own_cents
    else:
        agrees = paid.transfers.get(line.transfer_number) == line.amount_cents
    if not agrees:
        return Verdict.AMOUNT
    return Verdict.FROM_FLOW if paid.from_flow else Verdict.MATCHED
