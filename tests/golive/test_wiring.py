"""What other parts of the house say before a start, and what the board hears of it."""

import pytest

from onboarding.assessment.models import PlanTask, TaskState
from onboarding.golive.check import Asked, Finding, check_named
from onboarding.golive.models import Waiver
from onboarding.golive.sign import read_go_live
from onboarding.golive.standing import rows_here
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality, Stage
from tests.onboarding.assessment.rounds import closed_round, filled_round


def legal_steps(municipality: Municipality) -> Finding:
    check = check_named("legal-steps")
    assert check is not None
    assert check.legal
    with in_schema(municipality.schema_name):
        return check.judge(Asked(municipality, clock.today(), clock.now()))


def test_no_closed_round_is_not_done(eve: Municipality) -> None:
    filled_round(eve)
    found = legal_steps(eve)
    assert (found.passed, str(found.sentence)) == (False, "La valutazione del Comune non è mai stata chiusa.")


def test_open_legal_tasks_block_until_they_are_done(eve: Municipality) -> None:
    closed_round(eve, {"processor_act": "no"})
    found = legal_steps(eve)
    assert not found.passed
    assert found.cure is not None
    assert found.cure.path == "/comuni/A662/valutazione/piano/"
    PlanTask.objects.filter(gap="no_processor_act").update(state=TaskState.DONE, done_on=clock.today())
    assert legal_steps(eve).passed


@pytest.mark.parametrize(
    ("answers", "passes"),
    [({}, True), ({"processor_act": "?"}, False), ({"project_lead": "nobody"}, True)],
    ids=["all well", "nobody knows", "a gap that is not legal"],
)
def test_only_legal_gaps_count(eve: Municipality, answers: dict[str, str], passes: bool) -> None:
    closed_round(eve, answers)
    assert legal_steps(eve).passed is passes


def test_the_board_hears_how_many_checks_block(eve: Municipality) -> None:
    closed_round(eve, {"processor_act": "no"})
    with in_schema(eve.schema_name):
        (sign,) = read_go_live(clock.today())
        blocked = sum(row.state == "blocked" for row in rows_here(municipality=eve, now=clock.now()))
        assert (sign.params["blocked"], sign.blocks) == (blocked, Stage.LIVE)
        Waiver.objects.create(check_code="branding", reason="x" * 20, given_by="Nina", given_at=clock.now())
        (after,) = read_go_live(clock.today())
        assert after.params["blocked"] == blocked - 1
        for stage, said in ((Stage.LIVE, 0), (Stage.ASSESSMENT, 0), (Stage.SHADOW_MONTH, 1)):
            Municipality.objects.filter(pk=eve.pk).update(stage=stage)
            assert len(read_go_live(clock.today())) == said
