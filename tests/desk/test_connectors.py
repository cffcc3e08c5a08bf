"""Collegamenti: an administrator sets a connector, tries it, switches it on, and reads how it goes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from integrations.models import Connector, ConnectorExchange
from integrations.typed_settings import as_toml
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories.people import account, fiscal_code
from tests.tributi.files import BASIS, detail, extract

LIST = "/ufficio/collegamenti/"
REST = f"{LIST}tributi/rest/"
FILE = f"{LIST}tributi/file/"
SIMULATOR = f"{LIST}tributi/simulator/"


@pytest.fixture
def administrator(bari: Municipality, bari_client: HostClient) -> Account:
    made = account(Role.ADMINISTRATOR)
    bari_client.force_login(made)
    return made


def shown_settings(client: HostClient, page: str) -> dict[str, Any]:
    """What the form of the page would post as it stands."""
    form = client.get(page).context["form"]
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def save(client: HostClient, page: str, **changes: Any) -> Any:
    return client.post(page, {**{k: v for k, v in shown_settings(client, page).items() if v is not None}, **changes})


def test_from_nothing_to_a_line_that_works(
    administrator: Account, bari_client: HostClient, settings: Settings, tmp_path: Path
) -> None:
    assert bari_client.get(LIST).content.decode().count("risposte inventate") == 3  # INPS, the tax office, pagoPA
    assert save(bari_client, FILE, legal_basis=BASIS, file_name="estratto.txt").status_code == 302
    made = Connector.objects.get()
    assert (made.enabled, made.settings["legal_basis"], made.settings["layout"]["width"]) == (False, BASIS, 160)
    bari_client.post(f"{FILE}stato/", {"stato": "acceso"})
    answer = bari_client.post(f"{FILE}prova/", follow=True).content.decode()
    assert "Il file montato non c&#x27;è" in answer
    settings.CONNECTOR_FILES_DIR = str(tmp_path)
    (tmp_path / "c_a662.estratto.txt").write_bytes(extract([detail(1, fiscal_code())]))
    assert "Il collegamento funziona." in bari_client.post(f"{FILE}prova/", follow=True).content.decode()
    made.refresh_from_db()
    assert (made.enabled, made.health, made.last_error_code) == (True, "ok", "no_file")
    told = bari_client.get(LIST).content.decode()
    assert told.count("risposte inventate") == 2
    assert "File dell&#x27;ufficio tributi" in told
    assert list(Event.objects.filter(subject="tributi/file").order_by("pk").values_list("action", "details")) == [
        (Action.CONNECTOR_CHANGED, {"fields": ["file_name", "layout", "legal_basis", "secret_name", "valid_days"]}),
        (Action.CONNECTOR_CHANGED, {"enabled": True}),
        (Action.CONNECTOR_TRIED, {}),
        (Action.CONNECTOR_TRIED, {}),
    ]


def test_a_wrong_key_of_the_mapping_is_told_at_its_place(administrator: Account, bari_client: HostClient) -> None:
    layout = shown_settings(bari_client, FILE)["layout"]
    for wrong, sentence in (
        (layout.replace("width", "widht", 1), "layout: la chiave «widht» non esiste. Forse «width»?"),
        (layout.replace('"fiscal_code"', '"codice"'), "layout.columns[1].name: il valore «codice»"),
        (f"{layout}\n[[", "Il testo non è TOML"),
    ):
        answer = save(bari_client, FILE, legal_basis=BASIS, layout=wrong)
        assert answer.status_code == 422
        assert sentence in answer.context["form"].errors["layout"][0]
    assert not Connector.objects.exists()


def test_a_number_out_of_range_stands_by_its_field(administrator: Account, bari_client: HostClient) -> None:
    answer = save(bari_client, FILE, legal_basis=BASIS, valid_days="999")
    assert list(answer.context["form"].errors) == ["valid_days"]


@pytest.mark.parametrize("name", ["", "Segreto con spazi", "-ab"])
def test_a_secret_is_named_never_written(administrator: Account, bari_client: HostClient, name: str) -> None:
    answer = save(bari_client, REST, legal_basis=BASIS, url="https://tributi.example/p", secret_name=name)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["secret_name"])


def test_one_of_a_kind_is_on_and_the_settings_of_the_other_stay(
    administrator: Account, bari_client: HostClient
) -> None:
    save(bari_client, FILE, legal_basis=BASIS)
    save(bari_client, SIMULATOR)
    bari_client.post(f"{FILE}stato/", {"stato": "acceso"})
    bari_client.post(f"{SIMULATOR}stato/", {"stato": "acceso"})
    assert list(Connector.objects.values_list("adapter", "enabled")) == [("file", False), ("simulator", True)]
    bari_client.post(f"{SIMULATOR}stato/", {"stato": "spento"})
    assert list(Connector.objects.values_list("adapter", "enabled")) == [("file", False), ("simulator", False)]
    assert Connector.objects.get(adapter="file").settings["legal_basis"] == BASIS


def test_a_simulator_is_not_switched_on_where_people_are_real(
    administrator: Account, bari_client: HostClient, settings: Settings
) -> None:
    save(bari_client, SIMULATOR)
    settings.DEPLOY_ENV = "production"
    assert "non configurato" in bari_client.get(LIST).content.decode()
    answer = bari_client.post(f"{SIMULATOR}stato/", {"stato": "acceso"}, follow=True).content.decode()
    assert "con persone reali non è ammesso" in answer
    assert Connector.objects.get().enabled is False


def exchanges(count: int) -> None:
    for number in range(count):
        ConnectorExchange.objects.create(
            kind="tributi", adapter="rest", operation="standing", outcome="failed" if number else "ok",
            error_code="unreachable" if number else "", milliseconds=number,
            happened_at=clock.now() - timedelta(minutes=number),
        )  # fmt: skip


def test_the_log_is_told_in_words_and_by_views(administrator: Account, bari_client: HostClient) -> None:
    exchanges(3)
    page = bari_client.get(f"{REST}?vista=non-riusciti")
    assert [(one["row"].milliseconds, str(one["words"])) for one in page.context["exchanges"]] == [
        (1, "L'altro sistema non risponde: riproviamo più tardi."),
        (2, "L'altro sistema non risponde: riproviamo più tardi."),
    ]


def a_row() -> None:
    Connector.objects.get_or_create(kind="tributi", adapter="simulator", settings={}, enabled=True)


def test_the_pages_cost_the_same_whatever_the_rows(administrator: Account, bari_client: HostClient) -> None:
    exchanges(1)
    for page, add in ((REST, lambda: exchanges(2)), (LIST, a_row)):
        bari_client.get(page)
        spent = []
        for _time in range(2):
            with CaptureQueriesContext(connection) as queries:
                bari_client.get(page)
            spent.append(len(queries))
            add()
        assert spent[0] == spent[1]


@pytest.mark.parametrize("role", [Role.CLERK, Role.SCHOOL, None])
def test_nobody_else_touches_them(bari: Municipality, bari_client: HostClient, role: Role | None) -> None:
    Connector.objects.create(kind="tributi", adapter="simulator", settings={})
    bari_client.force_login(account(*([role] if role else [])))
    asked = [bari_client.get(page).status_code for page in (LIST, REST, reverse("connectors:kind", args=["tributi"]))]
    posted = [bari_client.post(page).status_code for page in (REST, f"{SIMULATOR}prova/", f"{SIMULATOR}stato/")]
    assert (asked, posted) == ([403] * 3, [403] * 3)


def test_what_nobody_registered_is_not_there(administrator: Account, bari_client: HostClient) -> None:
    assert bari_client.get(f"{LIST}tributi/piccioni/").status_code == 404
    assert bari_client.get(f"{LIST}piccioni/").status_code == 404


def test_settings_that_fit_no_more_are_still_shown(administrator: Account, bari_client: HostClient) -> None:
    Connector.objects.create(kind="tributi", adapter="file", settings={"legal_basis": BASIS, "layout": {"old": 1}})
    assert shown_settings(bari_client, FILE)["layout"] == as_toml({"old": 1})
