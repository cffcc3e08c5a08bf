"""A few thousand spoilt answers at each run, others each day; a hundred thousand by command (see `fuzzing`)."""

from datetime import datetime
from typing import Any

import pytest

from integrations.spid_cie.saml.checks import Check
from integrations.spid_cie.saml.response import Response
from sportello.kernel import clock
from tests.spid_cie.fuzzing import judge_of_checks, judge_of_receiving, logins, run


def test_nothing_but_a_named_refusal_comes_out_and_nobody_else_goes_in(db: None) -> None:
    seed = clock.today().toordinal()
    report = run(cases=4000, seed=seed, seconds=15, judges=(judge_of_checks(), judge_of_receiving(logins())))
    assert report.defects == [], str(report)
    assert report.cases > 200, str(report)


def test_the_fuzzer_notices_a_stranger_who_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """With signatures believed it finds somebody else's identity accepted; without, see above."""
    judge = judge_of_checks()
    monkeypatch.setattr(Response, "_require_provider", lambda _response, _assertion: None)
    report = run(cases=1500, seed=1, seconds=120, judges=(judge,))
    assert any("Wrong: accepted" in defect for defect in report.defects)


def test_the_fuzzer_notices_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A date read without care."""
    careless = Check(
        "careless", lambda r: bool(datetime.strptime(r.response.get("IssueInstant"), "%Y-%m-%dT%H:%M:%S%z"))
    )
    judge, real = judge_of_checks(), Response.verified

    def verified(response: Response, *facts: Any, **_how: Any) -> Any:
        return real(response, *facts, checks=(careless,))

    monkeypatch.setattr(Response, "verified", verified)
    report = run(cases=1500, seed=1, seconds=120, judges=(judge,))
    assert any("ValueError" in defect for defect in report.defects)
