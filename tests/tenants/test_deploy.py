"""A deployment: at once when nothing changed, only what differs otherwise, a report and a way on after a failure."""

from typing import ClassVar

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from services_catalog.models import Edition
from sportello.schools.models import School
from tenants.current import in_schema
from tenants.deploying import Outcome, State, deploy
from tenants.fingerprint import fingerprint_of_code, fingerprints
from tenants.models import Domain, Municipality, Stage
from tenants.municipal_packs import MunicipalPack, municipal_packs
from tenants.pooling import TransactionPooler, require_session_pooling
from tenants.registering import bring_in
from tenants.signals import municipality_provisioned


def _undo_the_last_migration_of_otp(schema: str, *, table_too: bool) -> None:
    """As if the code had brought that migration since; with its columns still there, it fails when it runs."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM \"{schema}\".django_migrations WHERE app = 'otp_totp' AND name ~ '^0003'")
        if table_too:
            cursor.execute(
                f'ALTER TABLE "{schema}".otp_totp_totpdevice DROP COLUMN last_used_at, DROP COLUMN created_at'
            )


def _fake_an_old_state(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO \"{schema}\".django_migrations (app, name, applied) VALUES ('gone', '0001', now())"
        )


def _states(outcomes: list[Outcome]) -> dict[str, State]:
    return {outcome.schema: outcome.state for outcome in outcomes}


def test_nothing_changed(transactional_db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(5):  # type: ignore[operator]
        outcomes = deploy(workers=2, seconds_per_schema=60, tell=lambda _: None)
    assert set(_states(outcomes).values()) == {State.UNCHANGED}
    assert [outcome.schema for outcome in outcomes] == [
        "public", "modello_comune", "centrale", "c_a662", "c_a893", "c_l109",
    ]  # fmt: skip


def test_only_the_schema_that_differs_is_migrated(transactional_db: None) -> None:
    _undo_the_last_migration_of_otp("c_a893", table_too=True)
    told: list[Outcome] = []
    outcomes = deploy(workers=2, seconds_per_schema=60, tell=told.append)
    assert {name for name, state in _states(outcomes).items() if state is State.MIGRATED} == {"c_a893"}
    assert told == outcomes
    assert fingerprints(["c_a893"]) == {"c_a893": fingerprint_of_code()}


def test_a_failure_is_reported_and_the_others_go_on(transactional_db: None, capsys: pytest.CaptureFixture[str]) -> None:
    _undo_the_last_migration_of_otp("c_a662", table_too=False)
    _undo_the_last_migration_of_otp("c_a893", table_too=True)
    with pytest.raises(CommandError, match=r"Not done: c_a662\."):
        call_command("deploy", workers=2)
    report = capsys.readouterr().out
    assert "c_a662" in report
    assert "already exists" in report
    assert fingerprints(["c_a893"]) == {"c_a893": fingerprint_of_code()}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE c_a662.otp_totp_totpdevice DROP COLUMN last_used_at, DROP COLUMN created_at")
    call_command("deploy", workers=1)
    assert fingerprints(["c_a662"]) == {"c_a662": fingerprint_of_code()}


def test_a_schema_that_takes_too_long_is_given_up(transactional_db: None) -> None:
    _fake_an_old_state("c_a662")
    outcomes = deploy(workers=1, seconds_per_schema=0.01, tell=lambda _: None)
    assert _states(outcomes)["c_a662"] is State.OUT_OF_TIME


def test_a_comune_comes_in_from_its_pack_once(transactional_db: None) -> None:
    heard: list[tuple[str, str]] = []

    def listen(municipality: Municipality, pack: MunicipalPack, **_: object) -> None:
        heard.append((municipality.name, pack.folder.name))

    municipality_provisioned.connect(listen)
    try:
        pack = next(pack for pack in municipal_packs() if pack.facts.slug == "poggiorsini")
        assert bring_in(pack=pack, base_host="example.org") is True
        assert bring_in(pack=pack, base_host="example.org") is False
    finally:
        municipality_provisioned.disconnect(listen)
    made = Municipality.objects.get(belfiore_code="G769")
    assert (made.schema_name, made.stage, made.patron_rule) == ("c_g769", Stage.CONFIGURATION, "09-15")
    assert list(Domain.objects.filter(tenant=made).values_list("domain", "is_primary")) == [
        ("poggiorsini.example.org", True)
    ]
    assert heard == [("Poggiorsini", "072034-poggiorsini")]
    assert fingerprints(["c_g769"]) == {"c_g769": fingerprint_of_code()}
    with in_schema("c_g769"):
        assert School.objects.count() == len(pack.schools()) > 0
        begun = Edition.objects.select_related("service").get()
        assert (begun.service.code, begun.status, begun.rules.fees.to_confirm) == ("mensa", "draft", True)


def test_an_error_of_a_room_above_undoes_the_comune(transactional_db: None) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("no schools")

    municipality_provisioned.connect(refuse)
    try:
        pack = next(pack for pack in municipal_packs() if pack.facts.slug == "poggiorsini")
        with pytest.raises(RuntimeError, match="no schools"):
            bring_in(pack=pack)
    finally:
        municipality_provisioned.disconnect(refuse)
    assert not Municipality.objects.filter(belfiore_code="G769").exists()
    assert fingerprints(["c_g769"]) == {}


def test_the_41_packs_are_told_apart() -> None:
    facts = [pack.facts for pack in municipal_packs()]
    assert len(facts) == 41
    assert len({fact.schema_name for fact in facts}) == len({fact.slug for fact in facts}) == 41
    assert all(fact.schema_name == f"c_{fact.belfiore_code.lower()}" for fact in facts)


class PooledSession:
    """What a client sees of a pooler: a server process that may change after each transaction."""

    free: ClassVar[list[int]] = [1, 2]

    def __init__(self, *, per_transaction: bool) -> None:
        self.per_transaction = per_transaction
        self.held = None if per_transaction else self.free.pop(0)

    def backend(self) -> int:
        return self.held if self.held is not None else self.free[0]

    def begin(self) -> None:
        if self.held is None:
            self.held = self.free.pop(0)

    def close(self) -> None:
        if self.held is not None:
            self.free.append(self.held)


@pytest.mark.parametrize(("per_transaction", "is_refused"), [(True, True), (False, False)])
def test_a_pooler_in_transaction_mode_is_refused(*, per_transaction: bool, is_refused: bool) -> None:
    PooledSession.free = [1, 2]

    def connect() -> PooledSession:
        return PooledSession(per_transaction=per_transaction)

    if is_refused:
        with pytest.raises(TransactionPooler):
            require_session_pooling(connect)
    else:
        require_session_pooling(connect)


def test_the_server_of_the_tests_is_reached_directly(db: None) -> None:
    require_session_pooling()
    call_command("check", databases=["default"])
