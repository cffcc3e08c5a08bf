"""Which adapter speaks for a Comune, what is written of each exchange, and where secrets come from."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import checks
from django.db import IntegrityError, transaction
from pytest_django import Settings

from integrations.deployment_checks import no_simulated_connectors
from integrations.errors import (
    AnswerUnreadable,
    ConnectorError,
    NotConfigured,
    SecretMissing,
    SimulatorRefused,
    Unreachable,
    words_of,
)
from integrations.models import Connector, ConnectorExchange, Health
from integrations.registry import Line, connector_for, exchange, line_of, register
from integrations.typed_settings import SettingsInvalid
from tenants.current import in_schema
from tenants.models import Municipality
from tests.connectors.stand_ins import KIND, MuteSettings, Oracle, oracles

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with oracles():
        yield


def row(adapter: str = "temple", **fields: object) -> Connector:
    values = {"settings": {"address": "Delfi"} if adapter == "temple" else {}, "secret_name": "pizia", "enabled": True}
    return Connector.objects.create(kind=KIND, adapter=adapter, **{**values, **fields})


def test_each_comune_has_its_own_line(bari: Municipality) -> None:
    row()
    assert connector_for(KIND).adapter.name == "temple"
    with in_schema(Municipality.objects.get(slug="bitonto").schema_name):
        assert (connector_for(KIND).adapter.name, connector_for(KIND).connector) == ("dream", None)


def test_without_a_row_nobody_is_invented_in_production(bari: Municipality, settings: Settings) -> None:
    settings.DEPLOY_ENV = "production"
    with pytest.raises(NotConfigured):
        connector_for(KIND)
    row("dream")
    with pytest.raises(SimulatorRefused):
        connector_for(KIND)


def test_a_row_that_is_off_does_not_speak(bari: Municipality) -> None:
    made = row(enabled=False)
    assert connector_for(KIND).adapter.name == "dream"
    assert line_of(made).adapter.name == "temple"


def test_only_one_row_of_a_kind_is_on(bari: Municipality) -> None:
    row()
    with pytest.raises(IntegrityError), transaction.atomic():
        row("dream")


def test_settings_that_do_not_fit_are_refused_when_the_line_is_taken(bari: Municipality) -> None:
    row(settings={"adress": "Delfi"})
    with pytest.raises(SettingsInvalid):
        connector_for(KIND)


def test_two_adapters_of_one_name_are_a_mistake(bari: Municipality) -> None:
    with pytest.raises(ValueError, match="twice"):
        register(KIND, "dream", Oracle, MuteSettings, label="Altro", simulator=True)


def ask(line: Line, at: datetime = NOW, failure: ConnectorError | None = None) -> None:
    line.client.failure = failure
    with exchange(line, operation="ask", reference="17", now=at):
        line.client.probe()


def state(made: Connector) -> tuple[str, datetime | None, str, datetime | None]:
    made.refresh_from_db()
    return made.health, made.last_ok_at, made.last_error_code, made.last_error_at


def test_health_follows_what_happens(bari: Municipality) -> None:
    made = row()
    line = connector_for(KIND)
    assert state(made) == (Health.NEVER, None, "", None)
    ask(line)
    assert state(made) == (Health.OK, NOW, "", None)
    soon, late = NOW + timedelta(minutes=5), NOW + timedelta(hours=2)
    with pytest.raises(Unreachable):
        ask(line, soon, Unreachable())
    assert state(made) == (Health.DEGRADED, NOW, "unreachable", soon)
    with pytest.raises(Unreachable):
        ask(line, late, Unreachable())
    assert state(made)[0] == Health.DOWN
    ask(line, late)
    assert state(made) == (Health.OK, late, "unreachable", late)
    with pytest.raises(AnswerUnreadable):
        ask(line, late, AnswerUnreadable())
    assert state(made)[0] == Health.DOWN


def test_every_exchange_leaves_a_line_without_personal_data(bari: Municipality) -> None:
    row()
    line = connector_for(KIND)
    ask(line)
    with pytest.raises(Unreachable):
        ask(line, failure=Unreachable())
    kept = ConnectorExchange.objects.order_by("pk").values_list(
        "kind", "adapter", "operation", "outcome", "error_code", "happened_at", "reference"
    )
    assert list(kept) == [
        (KIND, "temple", "ask", "ok", "", NOW, "17"),
        (KIND, "temple", "ask", "failed", "unreachable", NOW, "17"),
    ]
    assert {field.name for field in ConnectorExchange._meta.get_fields()} == {
        *("id", "connector", "kind", "adapter", "operation", "outcome", "error_code"),
        *("milliseconds", "happened_at", "reference"),
    }


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_the_house_from_a_transaction(transactional_db: None) -> None:
    with in_schema(Municipality.objects.get(slug="bari").schema_name):
        line = connector_for(KIND)
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            ask(line)
        assert ConnectorExchange.objects.count() == 0


def test_a_secret_is_found_by_the_name_of_its_comune(
    bari: Municipality, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row()
    line = connector_for(KIND)
    with pytest.raises(SecretMissing):
        line.client.ask()
    settings.CONNECTOR_SECRETS_DIR = str(tmp_path)
    (tmp_path / "c_a893.pizia").write_text("of Bitonto")
    with pytest.raises(SecretMissing):
        line.client.ask()
    (tmp_path / "c_a662.pizia").write_text("of Bari\n")
    assert line.client.ask() == "of Bari"
    monkeypatch.setenv("CONNECTOR_SECRET_C_A662_PIZIA", "from the environment")
    assert line.client.ask() == "from the environment"


@pytest.mark.parametrize("name", ["../SECRET_KEY", "", "SECRET_KEY", "a/b"])
def test_no_name_reaches_beyond_the_secrets_of_connectors(bari: Municipality, name: str) -> None:
    made = Connector(kind=KIND, adapter="temple", settings={"address": "Delfi"}, secret_name=name)
    with pytest.raises(SecretMissing):
        line_of(made).client.ask()


def test_a_simulator_in_production_is_an_error_of_the_deployment(bari: Municipality, settings: Settings) -> None:
    row("dream")
    told = no_simulated_connectors(databases=["default"])
    assert [(one.id, one.level) for one in told] == [("integrations.I001", checks.INFO)]
    settings.DEPLOY_ENV = "production"
    told = no_simulated_connectors(databases=["default"])
    assert [(one.id, one.msg) for one in told] == [
        ("integrations.E001", f"A simulator answers for {bari.schema_name}: oracle/dream.")
    ]
    Connector.objects.update(enabled=False)
    assert no_simulated_connectors(databases=["default"]) == []


def test_an_error_is_told_in_words_by_its_code() -> None:
    assert str(words_of("unreachable")) == "L'altro sistema non risponde: riproviamo più tardi."
    assert words_of("") == ""
