"""The rehearsal does the steps for real, on a copy that leaves no trace."""

from datetime import datetime

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from onboarding.golive.models import Rehearsal
from onboarding.golive.rehearsing import AlreadyRehearsing, ask_in, rehearse_start, run_rehearsal
from onboarding.golive.words import shown_steps
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.billing.models import Entry
from sportello.canteen.models import MonthClose, Presence, RollCall
from sportello.families.models import Child, PayerAssignment
from sportello.jobs.models import Job, JobState
from sportello.kernel.clock import ROME
from sportello.schools.models import Section
from tenants.copying import SchemaBehind, scratch_copy
from tenants.current import current_municipality, current_schema, in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists
from tests.factories import account
from tests.factories.progress import Silent
from tests.golive.rows import good_row, spoilt_row
from tests.onboarding.rosters import committed, roster
from tests.tenants.catalogue import catalogue

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ROME)


def fed(day: str = "2026-10-12") -> None:
    """The one child of the roster has eaten once in October."""
    child, section = Child.objects.get(), Section.objects.get()
    called = RollCall.objects.create(section=section, day=day, called_at=NOW)
    Presence.objects.create(child=child, roll_call=called, day=day, ate=True)


def by_code(municipality: Municipality) -> dict[str, dict[str, object]]:
    steps = rehearse_start(municipality=municipality, now=NOW, progress=Silent())
    return {step.code: {"passed": step.passed, "refusal": step.refusal, **step.figures} for step in steps}


def test_the_copy_has_every_row_every_object_and_is_gone_afterwards(eve: Municipality) -> None:
    committed(roster(good_row()))
    with scratch_copy(eve) as copied:
        assert current_schema() == "copia_a662"
        assert current_municipality().belfiore_code == "A662"
        assert Child.objects.count() == 1
        ours, theirs = catalogue(eve.schema_name), catalogue("copia_a662")
        for kind in ("tables", "columns", "constraints", "triggers", "functions", "sequences"):
            assert theirs[kind] == ours[kind], kind
        assert copied.rows > 100
        newest = account()
        Child.objects.all().update(given_name="CAMBIATA")
    assert current_schema() == eve.schema_name
    assert not schema_exists("copia_a662")
    assert not Account.objects.filter(public_id=newest.public_id).exists()
    assert Child.objects.get().given_name == "EMMA"


def test_the_copy_is_gone_also_after_a_failure(eve: Municipality) -> None:
    def broken() -> None:
        with scratch_copy(eve):
            account()
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        broken()
    assert not schema_exists("copia_a662")
    assert current_schema() == eve.schema_name
    assert Account.objects.count() == 0


def test_a_schema_behind_this_code_is_not_copied(eve: Municipality) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'canteen'")
    with pytest.raises(SchemaBehind), scratch_copy(eve):
        pytest.fail("nothing to copy")


def test_triggers_are_awake_in_the_copy(eve: Municipality) -> None:
    committed(roster(good_row()))
    with scratch_copy(eve), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                       " JOIN pg_namespace n ON n.oid = c.relnamespace"
                       " WHERE n.nspname = 'copia_a662' AND NOT t.tgisinternal AND t.tgenabled = 'D'")  # fmt: skip
        assert cursor.fetchone() == (0,)


def test_a_good_rehearsal_closes_a_month_that_stays_open(eve: Municipality) -> None:
    committed(roster(good_row()))
    fed()
    entries = Entry.objects.count()
    found = by_code(eve)
    assert {code: step["passed"] for code, step in found.items()} == dict.fromkeys(
        ("copy", "balances", "payers", "prices", "close", "ledger"), True
    )
    assert found["close"]["meals"] == 1
    assert found["prices"]["places"] == 1
    assert found["balances"]["ours"] == 4001
    assert not MonthClose.objects.exists()
    assert Entry.objects.count() == entries


def test_what_is_wrong_is_found(eve: Municipality) -> None:
    committed(roster(good_row(), spoilt_row(SALDO="10,00")))
    PayerAssignment.objects.all().delete()
    found = by_code(eve)
    assert found["balances"] == {"passed": False, "refusal": "", "ours": 4001, "theirs": 5001}
    assert found["payers"] == {"passed": False, "refusal": "", "without": 1}
    assert found["ledger"]["passed"]


def test_a_step_that_is_refused_says_why_and_the_others_go_on(
    eve: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sportello.kernel.errors import DomainError

    def refuse(**_values: object) -> None:
        account()
        raise DomainError("Un pasto è senza tariffa.")

    committed(roster(good_row()))
    fed()
    monkeypatch.setattr("onboarding.golive.rehearsing.close_month", refuse)
    found = by_code(eve)
    assert found["close"] == {"passed": False, "refusal": "Un pasto è senza tariffa."}
    assert found["ledger"]["passed"]


def test_the_job_keeps_what_it_found(
    eve: Municipality, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    committed(roster(good_row()))
    chief = account(Role.ADMINISTRATOR, given_name="Ada", family_name="Uno")
    with django_capture_on_commit_callbacks() as sent:
        ask_in(municipality=eve, actor=chief, central=None, now=NOW)
    assert len(sent) == 1
    with pytest.raises(AlreadyRehearsing):
        ask_in(municipality=eve, actor=chief, central=None, now=NOW)
    job = Job.objects.get(kind="golive_rehearse")
    with django_capture_on_commit_callbacks() as left_over:
        assert run_rehearsal(job, Silent()) == {"passed": True, "steps": 6}
    assert left_over == []  # nothing that happened in the copy goes out
    kept = Rehearsal.objects.get()
    assert (kept.passed, kept.asked_by) == (True, "Ada Uno")
    assert [step.sentence for step in shown_steps(kept)][1:3] == [
        "Il registro porta 40,01 €, l'elenco precedente 40,01 €.",
        "Ogni bambino iscritto ha chi paga.",
    ]
    assert Event.objects.filter(action=Action.GO_LIVE_CHANGED).get().details == {"event": "rehearsal_asked"}


def test_a_rehearsal_that_died_does_not_keep_others_out(eve: Municipality) -> None:
    chief = account(Role.ADMINISTRATOR)
    ask_in(municipality=eve, actor=chief, central=None, now=NOW)
    Job.objects.update(state=JobState.FAILED, finished_at=NOW)
    ask_in(municipality=eve, actor=chief, central=None, now=NOW)
    assert Rehearsal.objects.count() == 2


def test_bitonto_is_not_touched_by_the_rehearsal_of_bari(eve: Municipality, db: None) -> None:
    with in_schema("c_a893"):
        before = Event.objects.count()
    rehearse_start(municipality=eve, now=NOW, progress=Silent())
    with in_schema("c_a893"):
        assert Event.objects.count() == before
