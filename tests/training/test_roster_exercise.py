"""The exercise of the roster, done as its steps say: upload, columns, dry run, rows to review, commit."""

from datetime import datetime

from django.core.files.base import ContentFile

from onboarding.checking import check_roster, mapping_of
from onboarding.committing import commit_roster
from onboarding.confirming import confirm_mapping
from onboarding.models import DecisionAction, LoadState, RosterLoad
from onboarding.population.people import Inventor
from onboarding.population.roster import write_roster
from onboarding.population.settling import demo_place
from onboarding.reading_in import read_export
from onboarding.review.deciding import decide_rows
from onboarding.review.queries import questions_by_kind
from onboarding.training.exercise import exercise_named
from onboarding.training.proving import check_exercise
from onboarding.training.views.office import PRACTICE_SEED
from onboarding.uploading import upload_roster
from sportello.accounts.models import Account, Role, Scheme
from sportello.kernel.clock import ROME
from sportello.kernel.school_year import SchoolYear
from tenants.current import in_schema
from tenants.models import Municipality
from tests.factories import account
from tests.factories.progress import Silent
from tests.onboarding.rosters import prepare

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ROME)
TODAY = NOW.date()


def test_the_steps_of_the_exercise_prove_it(bari: Municipality, twin: Municipality) -> None:
    clerk, exercise = account(Role.CLERK), exercise_named("bring-roster-in")
    assert exercise is not None
    with in_schema(twin.schema_name):
        prepare(twin)
        hers = Account.objects.create(
            public_id=clerk.public_id, scheme=Scheme.MIRROR, identifier=str(clerk.public_id), given_name="Lei"
        )
        dry = _dry_run(hers)
    judged = check_exercise(municipality=bari, account=clerk, exercise=exercise, now=NOW)
    assert judged.missing == (exercise.proof[1].missing,)  # a dry run is not yet a load
    with in_schema(twin.schema_name):
        _leave_out_what_waits(dry, hers)
        done = commit_roster(load=dry, today=TODAY, now=NOW, actor=hers.pk, progress=Silent())
        assert done.result["children_created"] > 0
    assert check_exercise(municipality=bari, account=clerk, exercise=exercise, now=NOW).done


def _dry_run(clerk: Account) -> RosterLoad:
    place, _edition = demo_place()
    content = ContentFile(write_roster(Inventor(place, PRACTICE_SEED), children=30, dirty=0.3))
    load = upload_roster(file=content, file_name="elenco.csv", school_year=SchoolYear(2026), actor=clerk, now=NOW)
    load = read_export(load=load, today=TODAY, now=NOW, progress=Silent())
    assert load.state == LoadState.MAPPING  # the columns wait for her
    load = confirm_mapping(load=load, actor=clerk, now=NOW)
    return check_roster(load=load, today=TODAY, progress=Silent())


def _leave_out_what_waits(load: RosterLoad, clerk: Account) -> None:
    questions = questions_by_kind(load, mapping_of(load))
    assert questions  # the practice roster has something to review
    for question in questions:
        decide_rows(
            load=load,
            asked=question.asked,
            subject="",
            action=DecisionAction.LEAVE_OUT,
            value="",
            actor=clerk,
            today=TODAY,
            now=NOW,
        )
    load.refresh_from_db()
