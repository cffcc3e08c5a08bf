"""The pages of the shadow month: who may see them, what they show, and that nothing crosses into another Comune."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from onboarding.shadow.models import ExplainedDifference, FamilyState, ShadowFamily, ShadowRun
from onboarding.shadow.runners import run_comparison
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.jobs.models import Job
from tenants.current import in_schema
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.progress import Silent
from tests.onboarding.shadow.world import October, compared, load_of, october, record_of

HOME = "/ufficio/mese-di-prova/"


@pytest.fixture
def clerk(bari: Municipality, bari_client: HostClient) -> Account:
    made = account(Role.CLERK)
    bari_client.force_login(made)
    return made


def seeded() -> tuple[October, ShadowRun]:
    """One family differs by a euro that nothing explains."""
    world = october()
    return world, compared(load_of([record_of(world.children[0], balance="39.00"), *world.records[1:]]))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def family_page(run: ShadowRun, family: ShadowFamily) -> str:
    return f"{HOME}{run.public_id}/famiglie/{family.public_id}/"


def test_from_the_form_to_the_families(
    clerk: Account, bari_client: HostClient, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    world = october()
    load = load_of([record_of(world.children[0], balance="39.00"), *world.records[1:]])
    assert "ottobre.csv" in text(bari_client.get(HOME))
    values = {"prova-load": str(load.public_id), "prova-month": "2026-10", "prova-tolerance": "0,01"}
    with django_capture_on_commit_callbacks():
        answer = bari_client.post(HOME, values)
    run = ShadowRun.objects.get()
    assert answer["Location"] == f"{HOME}{run.public_id}/"
    assert (run.tolerance_cents, run.asked_by, run.exported_on.isoformat()) == (1, clerk, "2026-11-03")
    assert Event.objects.filter(action=Action.GO_LIVE_CHANGED, details__event="shadow_asked").count() == 1
    assert run.job is not None
    run_comparison(run.job, Silent())
    Job.objects.filter(pk=run.job.pk).update(state="done")
    page = text(bari_client.get(f"{HOME}{run.public_id}/"))
    assert "Amoruso" in page
    assert "Zonno" not in page
    assert "Zonno" in text(bari_client.get(f"{HOME}{run.public_id}/?vista=uguali"))
    assert "2 famiglie confrontate: 1 uguale" in text(bari_client.get(HOME)).replace("uguali", "uguale")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"prova-month": "2025-10"}, "non è dell"),
        ({"prova-tolerance": "-1"}, "Scrivi un importo da 0 a 100 euro."),
        ({"prova-load": "altro"}, "prova-load"),
    ],
)
def test_what_cannot_be_compared_says_why(
    clerk: Account, bari_client: HostClient, changes: dict[str, str], sentence: str
) -> None:
    load = load_of(october().records)
    answer = bari_client.post(HOME, {"prova-load": str(load.public_id), "prova-month": "2026-10", **changes})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not ShadowRun.objects.exists()


def test_filters_stand_in_the_address(clerk: Account, bari_client: HostClient) -> None:
    _world, run = seeded()
    page = f"{HOME}{run.public_id}/?vista=tutte"
    assert "Amoruso" in text(bari_client.get(f"{page}&motivo=unexplained"))
    assert "Amoruso" not in text(bari_client.get(f"{page}&motivo=absences"))
    assert "Zonno" in text(bari_client.get(f"{page}&cerca=zonn"))
    assert "Amoruso" not in text(bari_client.get(f"{page}&cerca=zonn"))


def test_meals_that_the_file_does_not_tell_are_not_none_eaten(clerk: Account, bari_client: HostClient) -> None:
    _world, run = seeded()
    untold = '<td class="number" data-label="Pasti là">–</td>'
    assert untold not in text(bari_client.get(f"{HOME}{run.public_id}/?vista=tutte"))
    for family in ShadowFamily.objects.order_by("pk"):
        for child in family.children:
            child["legacy"]["meals"] = None
        family.save()
    assert untold in text(bari_client.get(f"{HOME}{run.public_id}/?vista=tutte"))


def test_a_family_reads_both_sides_and_the_reason_and_is_explained(clerk: Account, bari_client: HostClient) -> None:
    _world, run = seeded()
    family = ShadowFamily.objects.get(state=FamilyState.OPEN)
    address = family_page(run, family)
    page = text(bari_client.get(address))
    assert "39,00 €" in page
    assert "40,00 €" in page
    assert "Nessun fatto conosciuto la spiega per intero" in page
    short = bari_client.post(address, {"key": family.waiting[0], "note": "no"})
    assert short.status_code == 422
    assert bari_client.post(address, {"key": family.waiting[0], "note": "Un buono cartaceo"})["Location"] == address
    assert ExplainedDifference.objects.get().explained_by == clerk
    assert "Un buono cartaceo" in text(bari_client.get(address))


def test_a_note_is_withdrawn_and_stays_on_record(clerk: Account, bari_client: HostClient) -> None:
    _world, run = seeded()
    family = ShadowFamily.objects.get(state=FamilyState.OPEN)
    address, [key] = family_page(run, family), family.waiting
    bari_client.post(address, {"key": key, "note": "Un buono cartaceo"})
    assert "Ritira la spiegazione" in text(bari_client.get(address))
    assert bari_client.get(f"{address}ritira/").status_code == 405
    assert bari_client.post(f"{address}ritira/", {"key": key})["Location"] == address
    page = text(bari_client.get(address))
    assert "Spiegazione ritirata" in page
    assert "Un buono cartaceo" not in page
    family.refresh_from_db()
    assert (family.state, family.waiting) == (FamilyState.OPEN, [key])
    note = ExplainedDifference.objects.get()
    assert (note.note, note.withdrawn_by) == ("Un buono cartaceo", clerk)
    told = Event.objects.filter(action=Action.ROWS_DECIDED, actor=clerk.pk).order_by("pk")
    assert [event.details["event"] for event in told] == ["difference_explained", "explanation_withdrawn"]
    bari_client.post(f"{address}ritira/", {"key": key})
    assert "non c&#x27;è più" in text(bari_client.get(address))
    bari_client.post(address, {"key": key, "note": "Un altro motivo"})
    assert ExplainedDifference.standing.get().note == "Un altro motivo"


def test_formulas_do_not_leave(clerk: Account, bari_client: HostClient) -> None:
    _world, run = seeded()
    ShadowFamily.objects.filter(run=run).update(name="=HYPERLINK(A1)")
    csv = text(bari_client.get(f"{HOME}{run.public_id}/?vista=tutte&formato=csv"))
    assert "'=HYPERLINK" in csv
    assert ";=HYPERLINK" not in csv
    xlsx = bari_client.get(f"{HOME}{run.public_id}/?vista=tutte&formato=xlsx")
    assert xlsx.status_code == 200
    assert Event.objects.filter(action=Action.PERSON_LIST_EXPORTED).count() == 2


def test_only_the_office_sees_it(bari: Municipality, bari_client: HostClient) -> None:
    _world, run = seeded()
    address = family_page(run, ShadowFamily.objects.order_by("name")[0])
    for role in (Role.SCHOOL, Role.SUPPORT):
        bari_client.force_login(account(role))
        for page in (HOME, f"{HOME}{run.public_id}/", address):
            assert bari_client.get(page).status_code == 403
        assert bari_client.post(address, {"key": "x", "note": "spiegata"}).status_code == 403
    bari_client.logout()
    assert bari_client.get(HOME).status_code == 302
    assert not ExplainedDifference.objects.exists()


def test_another_comune_sees_nothing(bari: Municipality, bitonto: Municipality, bitonto_client: HostClient) -> None:
    with in_schema(bari.schema_name):
        _world, run = seeded()
        family = ShadowFamily.objects.order_by("name")[0]
    with in_schema(bitonto.schema_name):
        bitonto_client.force_login(account(Role.ADMINISTRATOR))
    assert "Amoruso" not in text(bitonto_client.get(HOME))
    assert bitonto_client.get(f"{HOME}{run.public_id}/").status_code == 404
    assert bitonto_client.get(family_page(run, family)).status_code == 404


def test_the_central_team_reads_figures_and_no_family(bari: Municipality, central_client: HostClient) -> None:
    with in_schema(bari.schema_name):
        seeded()
    with in_schema(central_client.schema):
        central_client.force_login(account(Role.CENTRAL))
    page = text(central_client.get("/comuni/A662/mese-di-prova/"))
    assert "2 famiglie confrontate" in page
    assert "Senza spiegazione" in page
    assert "Amoruso" not in page


def test_the_list_costs_the_same_for_every_family(clerk: Account, bari_client: HostClient) -> None:
    counts = []
    _world, run = seeded()
    families = ShadowFamily.objects.filter(run=run)
    for _time in range(2):
        with CaptureQueriesContext(connection) as told:
            bari_client.get(f"{HOME}{run.public_id}/?vista=tutte")
        counts.append(len(told))
        for number in range(3):
            ShadowFamily.objects.create(run=run, name=f"Altra {number}", state=FamilyState.EQUAL)
    assert families.count() > 2
    assert counts[0] == counts[1]


def test_the_day_of_the_export_may_be_told(clerk: Account, bari_client: HostClient) -> None:
    load = load_of(october().records)
    day = {"prova-exported_on_day": "31", "prova-exported_on_month": "10", "prova-exported_on_year": "2026"}
    bari_client.post(HOME, {"prova-load": str(load.public_id), "prova-month": "2026-10", **day})
    assert isinstance(ShadowRun.objects.get().asked_at, datetime)
    assert ShadowRun.objects.get().exported_on.isoformat() == "2026-10-31"
