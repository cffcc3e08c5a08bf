"""The verdict of a line, case by case (P32, P33)."""

import pytest

from integrations.pagopa.flows import FlowOutcome
from sportello.billing.reconciliation.matching import Facts, Line, Paid, Verdict, judge
from sportello.billing.reconciliation.models import LineVerdict

EXECUTED = FlowOutcome.EXECUTED
OURS = "03000000000004272"


@pytest.mark.parametrize(
    ("line", "facts", "verdict"),
    [
        (Line(OURS, 1, 450, EXECUTED, 450), Facts(Paid(450, {1: 450})), Verdict.MATCHED),
        (Line(OURS, 2, 50, EXECUTED, 450), Facts(Paid(450, {1: 400, 2: 50})), Verdict.MATCHED),
        (Line(OURS, 2, 400, EXECUTED, 450), Facts(Paid(450, {1: 400, 2: 50})), Verdict.AMOUNT),
        (Line(OURS, 3, 50, EXECUTED, 450), Facts(Paid(450, {1: 400, 2: 50})), Verdict.AMOUNT),
        (Line(OURS, 1, 400, EXECUTED, 450), Facts(Paid(450)), Verdict.MATCHED),
        (Line(OURS, 1, 400, EXECUTED, 400), Facts(Paid(450)), Verdict.AMOUNT),
        (Line(OURS, 1, 450, FlowOutcome.NO_RPT, 450), Facts(Paid(450, {1: 450}, from_flow=True)), Verdict.FROM_FLOW),
        (Line(OURS, 1, 450, EXECUTED, 450), Facts(likely=True, has_notice=True), Verdict.TO_CHECK),
        (Line(OURS, 1, 450, EXECUTED, 450), Facts(has_notice=True), Verdict.MISSING),
        (Line(OURS, 1, 450, EXECUTED, 450), Facts(), Verdict.UNKNOWN),
        (Line("47000000000004272", 1, 450, EXECUTED, 450), Facts(), Verdict.NOT_OURS),
        (Line(OURS, 1, 450, EXECUTED, 450), Facts(Paid(450), reported_before=True), Verdict.TWICE),
        (Line(OURS, 1, 450, FlowOutcome.REVOKED, 450), Facts(Paid(450)), Verdict.REVOKED),
    ],
)
def test_the_verdict(line: Line, facts: Facts, verdict: Verdict) -> None:
    assert judge(line, facts, segregation_code="03") == verdict


def test_every_verdict_has_its_reason() -> None:
    assert {one.value for one in Verdict} == set(LineVerdict.values)
