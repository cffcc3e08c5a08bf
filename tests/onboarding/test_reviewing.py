"""The review desk: decisions are taken into account by the same rules, remembered, listed and revocable."""

import pytest

from onboarding.checking import check_roster, mapping_of
from onboarding.committing import commit_roster
from onboarding.errors import DecisionNotAllowed, LoadNotReady
from onboarding.models import Decision, DecisionAction, RosterLoad, StagedRow
from onboarding.review.deciding import decide_rows, revoke_decision
from onboarding.review.queries import questions_by_kind, questions_of
from onboarding.review.rules import Asked, subject_of
from sportello.audit.models import Action, Event
from sportello.families.models import Child
from tenants.models import Municipality
from tests.factories.progress import Silent
from tests.onboarding.rosters import NOW, TODAY, checked, roster
from tests.onboarding.test_committing import LUCA, emma, luca


def line(load: RosterLoad, number: int) -> StagedRow:
    return StagedRow.objects.get(load=load, line=number)


def decide(load: RosterLoad, asked: Asked, action: DecisionAction, value: str = "", *, subject: str = "") -> int:
    return decide_rows(
        load=load, asked=asked, subject=subject, action=action, value=value, actor=None, today=TODAY, now=NOW
    )


def question(load: RosterLoad, number: int) -> Asked:
    return questions_of(line(load, number), mapping_of(load))[0].asked


def test_an_accepted_suggestion_is_judged_by_the_same_rules(ready: Municipality) -> None:
    load = checked(roster(emma(), luca(COD_FISCALE="")))
    asked = questions_of(line(load, 3), mapping_of(load))[0]
    assert (asked.asked.defect, asked.suggestion) == ("cf_missing", LUCA)
    subject = subject_of(line(load, 3).record, 3)
    assert decide(load, asked.asked, DecisionAction.VALUE, LUCA, subject=subject) == 1
    row = line(load, 3)
    assert (row.verdict in {"good", "fix"}, row.record["child_fiscal_code"], row.decided) == (True, LUCA, True)
    load.refresh_from_db()
    assert load.committable_rows == 2
    commit_roster(load=load, today=TODAY, now=NOW, actor=None, progress=Silent())
    assert Child.objects.filter(fiscal_code=LUCA).exists()


def test_a_wrong_value_is_refused_by_the_rules_and_waits_again(ready: Municipality) -> None:
    load = checked(roster(luca(COD_FISCALE=""), emma()))
    subject = subject_of(line(load, 2).record, 2)
    decide(
        load, question(load, 2), DecisionAction.VALUE, LUCA[:-1] + ("Y" if LUCA.endswith("X") else "X"), subject=subject
    )
    row = line(load, 2)
    assert row.verdict == "review"
    assert "cf_check_digit" in {defect["code"] for defect in row.defects}


def test_a_value_of_another_row_makes_no_second_child(ready: Municipality) -> None:
    load = checked(roster(luca(), luca(COD_FISCALE="", MATRICOLA="000009", SALDO="1,00")))
    subject = subject_of(line(load, 3).record, 3)
    decide(load, question(load, 3), DecisionAction.VALUE, LUCA, subject=subject)
    row = line(load, 3)
    assert (row.verdict, row.duplicate_of_line) == ("review", 2)


def test_one_decision_for_all_rows_that_say_the_same(ready: Municipality) -> None:
    rows = [emma(DIETA="DIETA STRANA"), luca(DIETA="DIETA STRANA")]
    load = checked(roster(*rows))
    kinds = questions_by_kind(load, mapping_of(load))
    assert [(each.asked.defect, each.asked.written, each.rows) for each in kinds] == [
        ("diet_unknown", "DIETA STRANA", 2)
    ]
    assert decide(load, kinds[0].asked, DecisionAction.VALUE, "CEL") == 2
    assert {line(load, n).record["diet"] for n in (2, 3)} == {"medical:celiac"}
    later = checked(roster(*rows))
    assert {line(later, n).verdict for n in (2, 3)} <= {"good", "fix"}
    assert {line(later, n).record["diet"] for n in (2, 3)} == {"medical:celiac"}


def test_a_revoked_decision_holds_no_more(ready: Municipality) -> None:
    load = checked(roster(emma(DIETA="DIETA STRANA")))
    decide(load, question(load, 2), DecisionAction.VALUE, "CEL")
    revoke_decision(decision=Decision.objects.get(), actor=None, now=NOW)
    assert line(checked(roster(emma(DIETA="DIETA STRANA"))), 2).verdict == "review"
    assert line(load, 2).verdict in {"good", "fix"}
    assert Event.objects.filter(action=Action.DECISION_REVOKED).count() == 1


def test_what_is_left_out_stays_out_next_week(ready: Municipality) -> None:
    content = roster(emma(), luca(COD_FISCALE=""))
    load = checked(content)
    subject = subject_of(line(load, 3).record, 3)
    decide(load, question(load, 3), DecisionAction.LEAVE_OUT, subject=subject)
    assert line(load, 3).verdict == "reject"
    again = check_roster(load=load, today=TODAY, progress=Silent())
    assert line(again, 3).verdict == "reject"
    assert line(checked(content), 3).verdict == "reject"


def test_only_a_doubt_about_a_whole_record_may_be_overruled(ready: Municipality) -> None:
    load = checked(roster(emma(), luca(COD_FISCALE="")))
    with pytest.raises(DecisionNotAllowed):
        decide(load, question(load, 3), DecisionAction.AS_IS)
    assert not Decision.objects.exists()
    doubted = checked(roster(emma(NOME="GIUSEPPINA")))
    asked = question(doubted, 2)
    assert asked.defect == "name_vs_cf"
    decide(doubted, asked, DecisionAction.AS_IS, subject=subject_of(line(doubted, 2).record, 2))
    row = line(doubted, 2)
    assert (row.verdict, row.record["child_given_name"]) == ("fix", "GIUSEPPINA")
    assert [defect.get("waived") for defect in row.defects if defect["code"] == "name_vs_cf"] == [True]


def test_a_decision_about_one_row_says_nothing_of_another(ready: Municipality) -> None:
    rows = [emma(COD_FISCALE=""), luca(COD_FISCALE="")]
    load = checked(roster(*rows))
    subject = subject_of(line(load, 3).record, 3)
    decide(load, question(load, 3), DecisionAction.VALUE, LUCA, subject=subject)
    assert (line(load, 2).verdict, line(load, 3).verdict in {"good", "fix"}) == ("review", True)


def test_nothing_is_decided_once_the_load_is_committed(ready: Municipality) -> None:
    load = checked(roster(emma(), luca(COD_FISCALE="")))
    asked = question(load, 3)
    done = commit_roster(load=load, today=TODAY, now=NOW, actor=None, progress=Silent())
    with pytest.raises(LoadNotReady):
        decide(done, asked, DecisionAction.LEAVE_OUT)
