"""A Comune leaves: two people, a wait, a confirmed package; then everything is gone, and the certificate says it."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction

from integrations.spid_cie.models import SamlEntity
from onboarding.leaving.deletion import delete_comune, prepare_deletion
from onboarding.leaving.departing import (
    NEXT,
    WAIT,
    approve_departure,
    begin_deletion,
    cancel_departure,
    request_departure,
    resume_deletion,
)
from onboarding.leaving.errors import (
    ChangedSinceExport,
    ChecksumDiffers,
    DepartureOpen,
    NoConfirmedExport,
    NotDownloaded,
    NotInThisState,
    OtherName,
    ReasonMissing,
    SamePerson,
    TooEarly,
)
from onboarding.leaving.exporting import confirm_export, forget_exports, hand_out
from onboarding.leaving.importing import import_package
from onboarding.leaving.models import Departure, DepartureState
from sportello.accounts.models import Account, Role
from sportello.audit.models import Event
from sportello.families.models import Child
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Domain, Municipality, Stage
from tenants.municipal_packs import pack_of
from tenants.provisioning import schema_exists
from tenants.registering import bring_in
from tenants.removal import NotAComune, remove_files
from tenants.tasks import schemas_in_service
from tests.factories import account
from tests.factories.progress import Silent
from tests.leaving.living import SCHEMA, Living, confirmed, exported, path_of

NOW = clock.now()


@pytest.fixture
def people(living: Living) -> Iterator[tuple[Account, Account]]:
    """Two of the central team, at work there."""
    with in_schema(settings.CENTRAL_SCHEMA):
        yield account(Role.CENTRAL), account(Role.CENTRAL)


def approved(living: Living, people: tuple[Account, Account]) -> Departure:
    """A departure past its wait."""
    asked = request_departure(municipality=living.municipality, act="Del. C.C. 12/2026", actor=people[0], now=NOW)
    confirmed(living)
    done = approve_departure(departure=asked, actor=people[1], now=NOW)
    assert done.not_before == NOW + WAIT
    return done


def begun(departure: Departure, actor: Account, now: datetime = NOW + WAIT) -> Departure:
    return begin_deletion(departure=departure, name="Bari", actor=actor, now=now)


def prepared(departure: Departure) -> Departure:
    return prepare_deletion(departure=departure, now=NOW + WAIT, today=clock.today(), progress=Silent())


def deleted(departure: Departure) -> Departure:
    return delete_comune(departure=departure, now=NOW + WAIT, today=clock.today(), progress=Silent())


def test_everything_is_gone_and_the_certificate_says_it(
    living: Living, people: tuple[Account, Account], media: Path
) -> None:
    with in_schema(SCHEMA):
        cache.set("kept", "a child's name")
    departure = approved(living, people)
    begun(departure, people[0])
    assert prepared(departure).state == DepartureState.DELETING
    assert not Domain.objects.filter(tenant=living.municipality).exists()
    done = deleted(departure)
    assert done.state == DepartureState.DELETED
    assert not schema_exists(SCHEMA)
    assert not (media / SCHEMA).exists()
    with in_schema(SCHEMA):
        assert cache.get("kept") is None
    assert not SamlEntity.objects.filter(municipality=living.municipality).exists()
    left = Municipality.objects.get(pk=living.municipality.pk)
    assert (left.name, left.left_on, left.contacts_email, left.stage) == ("Bari", clock.today(), "", Stage.ASSESSMENT)
    assert SCHEMA not in schemas_in_service()
    assert bring_in(pack=pack_of("A662")) is False  # provisioning all packs again does not bring it back
    assert not schema_exists(SCHEMA)
    tables = {table["name"]: table["rows"] for table in done.inventory["tables"]}
    assert (tables["families_child"], tables["billing_entry"]) == (3, 1)
    assert done.inventory["files"]["count"] == 2
    states = Event.objects.filter(action="departure_changed").order_by("pk").values_list("details__state", flat=True)
    assert list(states) == ["requested", "approved", "deleting", "deleted"]


def test_the_certificate_is_a_paper_for_the_archive(living: Living, people: tuple[Account, Account]) -> None:
    departure = approved(living, people)
    begun(departure, people[1])
    prepared(departure)
    done = deleted(departure)
    with done.certificate.open("rb") as held:
        content = held.read()
    with pikepdf.open(io.BytesIO(content)) as paper:
        assert "Bari" in str(paper.docinfo["/Title"])
        assert b"pdfaid:part" in paper.Root.Metadata.read_bytes()
    assert str(done.backups_until) == str(clock.today() + timedelta(days=settings.BACKUP_DAYS))


def test_two_people_and_the_database_agrees(living: Living, people: tuple[Account, Account]) -> None:
    asked = request_departure(municipality=living.municipality, act="Del. 1", actor=people[0], now=NOW)
    confirmed(living)
    with pytest.raises(SamePerson):
        approve_departure(departure=asked, actor=people[0], now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.filter(pk=asked.pk).update(approved_by=people[0])
    with pytest.raises(DepartureOpen):
        request_departure(municipality=living.municipality, act="Del. 2", actor=people[1], now=NOW)
    with pytest.raises(ReasonMissing):
        request_departure(municipality=living.municipality, act=" ", actor=people[1], now=NOW)


def test_nothing_is_approved_without_a_package_that_the_comune_confirmed(
    living: Living, people: tuple[Account, Account]
) -> None:
    before = confirmed(living)
    asked = request_departure(
        municipality=living.municipality, act="Del. 1", actor=people[0], now=clock.now() + timedelta(seconds=1)
    )
    with pytest.raises(NoConfirmedExport):  # the one from before the request does not count
        approve_departure(departure=asked, actor=people[1], now=NOW)
    with in_schema(SCHEMA):
        package = type(before).objects.get(pk=exported(living).pk)
        with pytest.raises(NotDownloaded):
            confirm_export(package=package, sha256=package.sha256, actor=living.administrator, now=NOW)
        hand_out(package=package, actor=living.administrator, now=NOW)
        with pytest.raises(ChecksumDiffers):
            confirm_export(package=package, sha256="0" * 64, actor=living.administrator, now=NOW)


def test_the_wait_is_waited_and_the_name_is_written(living: Living, people: tuple[Account, Account]) -> None:
    departure = approved(living, people)
    with pytest.raises(TooEarly):
        begun(departure, people[0], NOW + WAIT - timedelta(seconds=1))
    with pytest.raises(OtherName):
        begin_deletion(departure=departure, name="Bitonto", actor=people[0], now=NOW + WAIT)
    first, second = begun(departure, people[0]).job, begun(departure, people[0]).job
    assert first == second  # pressed twice, one job


def test_work_done_after_the_package_stops_the_deletion(living: Living, people: tuple[Account, Account]) -> None:
    departure = approved(living, people)
    begun(departure, people[0])
    with in_schema(SCHEMA):
        Child.objects.filter(pk=living.child.pk).update(address="Via Nuova 1")
    with pytest.raises(ChangedSinceExport, match="families_child"):
        prepared(departure)
    departure.refresh_from_db()
    assert departure.state == DepartureState.APPROVED
    assert Domain.objects.filter(tenant=living.municipality).exists()
    confirmed(living)
    Job.objects.update(state=JobState.FAILED)
    begun(departure, people[0])
    assert prepared(departure).state == DepartureState.DELETING


def test_a_file_added_after_the_package_stops_the_deletion(
    living: Living, people: tuple[Account, Account], media: Path
) -> None:
    departure = approved(living, people)
    begun(departure, people[0])
    (media / SCHEMA / "domande" / "altro.pdf").write_bytes(b"x")
    with pytest.raises(ChangedSinceExport, match="files"):
        prepared(departure)


def test_a_deletion_cut_short_says_so_and_is_taken_up_again(
    living: Living, people: tuple[Account, Account], media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    departure = approved(living, people)
    begun(departure, people[0])
    prepared(departure)

    def power_cut(**_words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("onboarding.leaving.deletion.remove_schema", power_cut)
        with pytest.raises(KeyboardInterrupt):
            deleted(departure)
    departure.refresh_from_db()
    assert departure.state == DepartureState.DELETING  # half gone, and said
    assert schema_exists(SCHEMA)
    assert not (media / SCHEMA).exists()
    rows = {table["name"]: table["rows"] for table in departure.inventory["tables"]}
    with pytest.raises(NotInThisState):
        cancel_departure(departure=departure, reason="ripensamento", actor=people[0], now=NOW)
    Job.objects.update(state=JobState.FAILED)
    resumed = resume_deletion(departure=departure, actor=people[1], now=NOW + WAIT)
    assert resumed.job is not None
    run_job(public_id=resumed.job.public_id, now=clock.now)
    departure.refresh_from_db()
    assert (departure.state, departure.inventory["files"]["count"]) == (DepartureState.DELETED, 2)
    assert {table["name"]: table["rows"] for table in departure.inventory["tables"]} == rows
    assert not schema_exists(SCHEMA)


def test_who_left_may_come_back(living: Living, people: tuple[Account, Account], media: Path) -> None:
    departure = approved(living, people)
    with in_schema(SCHEMA):
        package = path_of(confirmed(living)).rename(media.parent / "kept.zip")
    begun(departure, people[0])
    prepared(departure)
    deleted(departure)
    assert import_package(path=package, schema=SCHEMA, progress=Silent()).host == "bari.localhost"
    assert Municipality.objects.get(pk=living.municipality.pk).left_on is None
    with in_schema(SCHEMA):
        assert Child.objects.count() == 3


def test_a_departure_is_called_off_with_a_reason(living: Living, people: tuple[Account, Account]) -> None:
    departure = approved(living, people)
    with pytest.raises(ReasonMissing):
        cancel_departure(departure=departure, reason="", actor=people[0], now=NOW)
    assert cancel_departure(departure=departure, reason="Rinnovo", actor=people[0], now=NOW).state == "cancelled"
    with pytest.raises(NotInThisState):
        approve_departure(departure=departure, actor=people[1], now=NOW)


def test_the_state_table_is_whole() -> None:
    assert set(NEXT) == set(DepartureState)
    assert NEXT[DepartureState.DELETING] == {DepartureState.DELETED}


def test_packages_are_forgotten_after_their_days(living: Living) -> None:
    package = exported(living)
    assert path_of(package).stat().st_mode & 0o077 == 0  # nobody else on the machine reads it
    with in_schema(SCHEMA):
        assert forget_exports(now=clock.now()) == 0
        assert forget_exports(now=clock.now() + timedelta(days=8)) == 1
    assert not path_of(package).exists()


@pytest.mark.parametrize("schema", ["public", "centrale", "modello_comune", "extensions"])
def test_what_everything_stands_on_is_never_removed(schema: str) -> None:
    with pytest.raises(NotAComune):
        remove_files(schema)
