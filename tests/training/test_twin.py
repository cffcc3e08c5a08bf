"""The twin of a Comune: apart from the 41, marked, mute; filled with invented people and begun afresh at will."""

import threading
from datetime import datetime

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from integrations.errors import RealSystemRefused
from integrations.models import Connector
from integrations.registry import connector_for, line_of
from onboarding.training.errors import TwinBeingFilled
from onboarding.training.filling import FILL, fill_twin
from onboarding.training.queries import training_of
from onboarding.training.twin import prepare_twin, twin_state
from services_catalog.models import Edition
from sportello.accounts.models import Account
from sportello.applications.models import Application
from sportello.billing.verification import ledger_differences
from sportello.canteen.models import MonthClose
from sportello.config.backlogs import measure_backlogs
from sportello.config.schedule import BEAT_SCHEDULE
from sportello.families.models import Adult, Child
from sportello.jobs.models import Job, JobState
from sportello.kernel.clock import ROME
from sportello.notifications.models import MailState, OutboxMail
from sportello.notifications.sending import send_due
from tenants.current import current_schema, in_schema, in_twin
from tenants.deploying import _expected_schemas
from tenants.migration_states import migration_states
from tenants.models import Domain, Municipality
from tenants.provisioning import schema_exists
from tenants.tasks import fan_out, schemas_in_service
from tenants.twins import NotOfATwin, TwinBusy, begin_twin_afresh, real_of, remove_twin, twin_of
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.progress import Silent
from tests.onboarding.rosters import prepare

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ROME)


def test_the_twin_is_none_of_the_comuni(twin: Municipality, bari: Municipality) -> None:
    assert twin.schema_name == "prova_a662"
    assert (twin.belfiore_code, twin.istat_code) == (bari.belfiore_code, bari.istat_code)
    assert set(Municipality.objects.values_list("slug", flat=True)) == {"bari", "bitonto", "terlizzi"}
    assert "prova_a662" not in schemas_in_service()
    assert "prova_a662" not in migration_states()
    assert "prova_a662" in schemas_in_service(with_twins=True)
    assert "prova_a662" in _expected_schemas()  # a deployment brings it up to date like the others
    assert twin_of(bari) == twin
    assert real_of(twin) == bari
    measure_backlogs()


def test_only_a_twin_has_the_name_of_a_twin(bari: Municipality) -> None:
    facts = {"belfiore_code": "Z999", "istat_code": "072999", "name": "Finto", "slug": "finto"}
    with in_schema("public"):
        for wrong in ({"schema_name": "prova_z999"}, {"schema_name": "c_z999", "is_twin": True}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Municipality.objects.create(**facts, **wrong)


def test_a_twin_has_no_twin(twin: Municipality) -> None:
    with pytest.raises(NotOfATwin):
        begin_twin_afresh(municipality=twin)


def test_the_schema_alone_says_where_one_is(twin: Municipality) -> None:
    assert not in_twin()
    with in_schema(twin.schema_name):
        assert in_twin()
    with in_schema(settings.CENTRAL_SCHEMA):
        assert not in_twin()


def test_nothing_leaves_a_twin(twin: Municipality, settings: Settings) -> None:
    settings.DEPLOY_ENV = "production"
    with in_schema(twin.schema_name):
        OutboxMail.objects.create(
            idempotency_key="k",
            recipient="a@example.org",
            subject="s",
            body="b",
            link="/",
            created_at=NOW,
            next_attempt_at=NOW,
        )
        assert send_due(now=lambda: NOW) == 0
        assert mail.outbox == []
        assert OutboxMail.objects.get().state == MailState.PENDING
        real = Connector.objects.create(kind="inps_isee", adapter="pdnd", settings={}, enabled=True)
        with pytest.raises(RealSystemRefused):
            line_of(real)
        assert connector_for("inps_isee").adapter.is_simulator


def test_each_page_says_that_people_are_invented(twin_client: HostClient, bari_client: HostClient) -> None:
    for path in ("/", "/accedi/", "/non-esiste/"):
        page = twin_client.get(path).content.decode()
        assert "Ambiente di prova: dati inventati" in page
        assert 'content="noindex' in page
        assert "Ambiente di prova: dati inventati" not in bari_client.get(path).content.decode()


def test_a_twin_begun_afresh_has_lost_what_it_held(bari: Municipality, twin: Municipality) -> None:
    with in_schema(twin.schema_name):
        account(given_name="Traccia")
    version = twin.branding_version
    again = begin_twin_afresh(municipality=bari)
    assert (again.pk, again.branding_version) == (twin.pk, version + 1)
    assert Domain.objects.filter(tenant=twin).count() == 1
    with in_schema(twin.schema_name):
        assert not Account.objects.filter(given_name="Traccia").exists()
    assert current_schema() == bari.schema_name


def test_it_is_not_begun_afresh_while_it_is_filled(bari: Municipality) -> None:
    chief = account()
    prepare_twin(municipality=bari, actor=chief.pk, now=NOW)
    state = twin_state(bari, NOW)
    assert state is not None
    assert (state.filling, state.ready) == (True, False)
    with pytest.raises(TwinBeingFilled):
        prepare_twin(municipality=bari, actor=chief.pk, now=NOW)
    with in_schema("prova_a662"):
        Job.objects.filter(kind=FILL).update(state=JobState.FAILED, message="Perché no.", finished_at=NOW)
    failed = twin_state(bari, NOW)
    assert failed is not None
    assert (failed.filling, failed.failure) == (False, "Perché no.")
    prepare_twin(municipality=bari, actor=chief.pk, now=NOW)


def test_it_is_filled_with_the_rules_of_the_comune_and_nobody_real(bari: Municipality) -> None:
    prepare(bari)
    of_bari = {(one.service.code, one.fingerprint) for one in Edition.objects.filter(status="in_force")}
    real = Adult.objects.create(given_name="VERA", family_name="REALE", fiscal_code="RLEVRE80A41A662X", sex="F")
    twin = begin_twin_afresh(municipality=bari)
    with in_schema(twin.schema_name):
        filled = fill_twin(children=16, now=NOW, progress=Silent())
        assert {(one.service.code, one.fingerprint) for one in Edition.objects.filter(status="in_force")} == of_bari
        assert filled["children"] >= 14
        assert Child.objects.count() >= filled["children"]
        assert not Adult.objects.filter(family_name=real.family_name).exists()
        assert Application.objects.filter(state="submitted").count() == filled["applications"] > 0
        assert ledger_differences() == []
        # October is over and still open: closing it is an exercise.
        assert list(MonthClose.objects.values_list("month", flat=True)) == [datetime(2026, 9, 1).date()]  # noqa: DTZ001
        assert not OutboxMail.objects.exclude(recipient__endswith="@example.org").exists()
    assert not Child.objects.exists()
    assert training_of(bari, NOW.date()) == []


def test_a_comune_without_rules_practises_on_an_invented_canteen(bitonto: Municipality) -> None:
    from sportello.schools.registering import SchoolRow, register_schools
    from tenants.municipal_packs import pack_of

    register_schools(
        rows=[
            SchoolRow(one.school_code, one.name, one.level, one.kind, one.ownership, one.address)
            for one in pack_of("A893").schools()
        ]
    )
    twin = begin_twin_afresh(municipality=bitonto)
    with in_schema(twin.schema_name):
        fill_twin(children=4, now=NOW, progress=Silent())
        edition = Edition.objects.get(status="in_force")
        assert edition.act_number.startswith("demo-")  # so its pages call the fees to confirm
        assert Child.objects.exists()


def test_dropping_touches_nothing_but_a_twin(bari: Municipality) -> None:
    from tenants import twins

    twins._drop(bari)
    assert schema_exists(bari.schema_name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM c_a662.accounts_account")


def test_a_new_beginning_waits_for_who_is_writing_and_then_says_so(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bari = Municipality.objects.get(slug="bari")
    twin = begin_twin_afresh(municipality=bari)
    monkeypatch.setattr("tenants.twins.PATIENCE", "200ms")
    holding, go_on = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with in_schema(twin.schema_name), transaction.atomic():
                account()
                holding.set()
                go_on.wait(10)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert holding.wait(10)
        with pytest.raises(TwinBusy):
            begin_twin_afresh(municipality=bari)
    finally:
        go_on.set()
        writer.join()
    assert begin_twin_afresh(municipality=bari).pk == twin.pk


def test_it_is_removed_with_its_comune(bari: Municipality, twin: Municipality) -> None:
    assert remove_twin(municipality=bari)
    assert not schema_exists("prova_a662")
    assert twin_of(bari) is None
    assert not Domain.objects.filter(domain="prova-bari.localhost").exists()
    assert not remove_twin(municipality=bari)
    assert Municipality.objects.filter(pk=bari.pk).exists()


def test_the_clock_work_reaches_a_twin_only_to_tidy_it(twin: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr("tenants.tasks.current_app.send_task", lambda _name, headers: sent.append(headers["comune"]))
    with in_schema("public"):
        fan_out(task_name="notifications.send_pending")
        assert twin.schema_name not in sent
        fan_out(task_name="jobs.resume_stalled", with_twins=True)
        assert twin.schema_name in sent
    reaching = {
        entry["kwargs"]["task_name"] for entry in BEAT_SCHEDULE.values() if entry.get("kwargs", {}).get("with_twins")
    }
    assert reaching == {"accounts.forget_sessions", "jobs.resume_stalled"}
