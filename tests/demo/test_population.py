"""The fictional families come in by the doors that everybody uses; inviting them again changes nothing."""

from typing import Any

import pytest
from django.core.management import call_command

from integrations.spid_cie.simulator.people import groups, register_people
from onboarding.assessment.models import AssessmentRound
from onboarding.board.models import GatheredSigns
from onboarding.population.people import STAFF
from onboarding.training.filling import FILL
from sportello.accounts.granting import register_person
from sportello.accounts.models import Role
from sportello.applications.models import Application, ApplicationState
from sportello.canteen.models import MonthClose, Presence
from sportello.demo.assessments import assess_some
from sportello.demo.management.commands.populate_demo import TWIN_CHILDREN, Command
from sportello.demo.people import others, parents
from sportello.enrolment.models import Subscription
from sportello.families.models import Act, Child
from sportello.families.queries import children_for
from sportello.fees.models import RecognisedCondition
from sportello.jobs.models import Job, JobState
from sportello.kernel import clock
from sportello.kernel.fiscal_code import FiscalCode
from tenants.current import in_schema
from tenants.models import Municipality, Stage
from tenants.twins import twin_of


def counts() -> list[tuple[int, ...]]:
    found = []
    for schema in ("c_a662", "c_a893", "c_l109"):
        with in_schema(schema):
            waiting = Application.objects.filter(state=ApplicationState.SUBMITTED).count()
            tables = (Child, Subscription, Presence, MonthClose)
            found.append((waiting, *(table.objects.count() for table in tables)))
    return found


def test_two_administrators_can_show_an_approval() -> None:
    assert [member.role for member in STAFF].count(Role.ADMINISTRATOR) == 2


@pytest.mark.usefixtures("db")
def test_three_comuni_live_and_a_second_invitation_changes_nothing(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    call_command(Command(), children=60)
    first = counts()
    assert all(number > 0 for comune in first for number in comune)
    assert set(Municipality.objects.filter(stage="live").values_list("slug", flat=True)) >= {"bari", "bitonto"}
    bari = Municipality.objects.get(slug="bari")
    assert twin_of(bari) is not None
    with in_schema("prova_a662"):
        (filling,) = Job.objects.filter(kind=FILL).order_by("pk")
        assert (filling.state, filling.arguments) == (JobState.QUEUED, {"children": TWIN_CHILDREN})
    call_command(Command(), children=60)
    assert counts() == first
    with in_schema("prova_a662"):
        assert Job.objects.get(kind=FILL).pk == filling.pk


@pytest.mark.usefixtures("db")
def test_comuni_on_their_way_are_assessed_once() -> None:
    Municipality.objects.update(stage=Stage.CONFIGURATION)
    assert assess_some(now=clock.now()) == 3
    rounds = AssessmentRound.objects.select_related("municipality")
    assert sorted((row.municipality.slug, row.number, row.is_open) for row in rounds) == [
        ("bari", 1, False),
        ("bari", 2, False),
        ("bitonto", 1, False),
        ("terlizzi", 1, True),
    ]
    assert Municipality.objects.get(slug="bari").stage == Stage.DRY_RUNS
    assert Municipality.objects.get(slug="terlizzi").stage == Stage.ASSESSMENT
    assert GatheredSigns.objects.count() == 3
    assess_some(now=clock.now())
    assert AssessmentRound.objects.count() == 4


@pytest.mark.usefixtures("db")
def test_everybody_the_identity_page_promises_is_there(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    call_command(Command(), children=60)
    register_people("1-parents", "Genitori", parents)
    register_people("4-others", "Altre persone", others)
    today = clock.today()
    seen: dict[str, dict[str, str]] = {}
    for schema in ("c_a662", "c_a893", "c_l109"):
        with in_schema(schema):
            people = [person for group in groups(today) for person in group.people]
            seen[schema] = {person.full_name: person.fiscal_code for person in people}
            assert [person.full_name for person in people if person.professional] == ["Lidia Carrassi"]
            grandmother = register_person(
                fiscal_code=FiscalCode.parse(seen[schema]["Rosa Antonacci"]),
                given_name="Rosa",
                family_name="Antonacci",
                email="",
            )
            assert [child.given_name for child in children_for(grandmother, Act.PAY, today)] == ["SOFIA"]
            assert not children_for(grandmother, Act.APPLY, today).exists()
    everywhere = {
        "Giulia Santoro",
        "Pietro Vitale",
        "Ada Ferrante",
        "Rosa Antonacci",
        "Franco Lorusso",
        "Giada Demarco",
    }
    assert all(everywhere <= set(names) for names in seen.values())
    both = [names["Elena Loiacono"] for names in seen.values() if "Elena Loiacono" in names]
    assert both == [seen["c_a662"]["Elena Loiacono"]] * 2
    assert seen["c_a662"]["Giulia Santoro"] != seen["c_a893"]["Giulia Santoro"]
    for schema, exempt in (("c_a662", True), ("c_a893", False), ("c_l109", True)):
        with in_schema(schema):
            assert RecognisedCondition.objects.filter(child__given_name="NICOLA").exists() == exempt
