"""The central team sees how every Comune stands to the templates, and proposes; it forces nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from services_catalog.lineages_everywhere import standings
from services_catalog.metropolitan import latest_templates
from services_catalog.models import Edition, OverrideReason, TemplateLineage, TemplateProposal
from services_catalog.packs import load_pack
from services_catalog.publication import draft_edition, register_service
from sportello.accounts.models import Role
from sportello.audit.models import Event
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.municipal_packs import pack_of
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.editions import NOW
from tests.services_catalog.templates import FASTER, version

SCHEMAS = {"A662": "c_a662", "A893": "c_a893", "L109": "c_l109"}


def load(*codes: str) -> None:
    for code in codes:
        with in_schema(SCHEMAS[code]):
            load_pack(pack=pack_of(code), in_force=True, actor=None, now=NOW)


@pytest.fixture
def second_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """The release brings a second version of the canteen's template."""
    newer = {"mensa": version(2, **FASTER)}
    for place in ("proposing", "lineages_everywhere", "template_pages"):
        monkeypatch.setattr(f"services_catalog.{place}.latest_templates", lambda: newer)


def test_only_the_central_team_enters(central: None, central_client: HostClient) -> None:
    assert central_client.get("/modelli/").status_code == 302
    central_client.force_login(account())
    for path in ("/modelli/", "/modelli/a662/mensa/"):
        assert central_client.get(path).status_code == 403
    for path in ("/modelli/proponi/", "/modelli/a662/mensa/motivo/"):
        assert central_client.post(path).status_code == 403


def test_the_standing_of_every_service_is_one_query(db: None, django_assert_num_queries: Any) -> None:
    load("A662", "A893")
    with django_assert_num_queries(1):
        found = standings(SCHEMAS.values())
    assert sorted(found) == ["c_a662", "c_a893"]
    told = {(one.schema, one.code): one for rows in found.values() for one in rows}
    assert told["c_a662", "mensa"].differences > 5
    assert told["c_a893", "trasporto"].to_confirm
    assert [one.version for one in told.values()] == [None, 1, 1, 1, 1]
    assert standings([]) == {}


@pytest.mark.parametrize("codes", [("A662",), ("A662", "A893", "L109")])
def test_the_page_costs_the_same_with_one_comune_and_three(
    team: HostClient, codes: tuple[str, ...], django_assert_max_num_queries: Any
) -> None:
    load(*codes)
    team.get("/modelli/")
    with django_assert_max_num_queries(14):
        page = team.get("/modelli/").content.decode()
    assert page.count("punti diversi") >= len(codes)
    assert page.count("nessun servizio") == 3 - len(codes)


def test_the_list_is_exported_a_comune_a_row(team: HostClient) -> None:
    load("A662", "A893")
    rows = team.get("/modelli/", {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Comune;infanzia;mensa;trasporto;Schema"
    assert "versione 1, adattato, " in rows[1]
    assert "tariffe da confermare" in rows[2]
    assert rows[3] == "Terlizzi;;;;"


def test_a_comune_that_cannot_be_read_is_not_said_to_have_no_service(team: HostClient) -> None:
    load("A662", "A893")
    with in_schema("c_a893"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'canteen'")
    Municipality.objects.create(
        name="Turi", slug="turi", belfiore_code="L472", istat_code="072047", schema_name="c_l472", patron_rule="08-26"
    )
    page = team.get("/modelli/").content.decode()
    assert page.count("non si può leggere: schema da aggiornare") == 1
    assert page.count("schema da creare") == 1
    assert page.count("nessun servizio") == 1  # Terlizzi, which has none
    rows = team.get("/modelli/", {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [row.rpartition(";")[2] for row in rows] == [
        "Schema", "", "non si può leggere: schema da aggiornare", "", "schema da creare",
    ]  # fmt: skip


def test_one_comune_is_told_in_words_and_explained(team: HostClient) -> None:
    load("A662")
    page = team.get("/modelli/a662/mensa/").content.decode()
    assert "Bari: Mensa scolastica" in page
    assert "ISEE fino a 6.000,00" in page
    response = team.post("/modelli/a662/mensa/motivo/", {"place": "fees.base", "reason": "Sei fasce dal 2024"})
    assert response.status_code == 302
    with in_schema("c_a662"):
        held = OverrideReason.objects.get()
        assert held.reason == "Sei fasce dal 2024"
        assert held.author.endswith(", Città metropolitana")
        assert Event.objects.filter(subject_kind="template_lineage", actor=None).exists()
    with in_schema(team.schema):
        assert Event.objects.filter(subject_kind="municipality", subject="A662").exists()
    assert "Sei fasce dal 2024" in team.get("/modelli/a662/mensa/").content.decode()
    assert team.post("/modelli/a662/mensa/motivo/", {"place": "fees.base", "reason": ""}).status_code == 422
    assert team.get("/modelli/a662/nido/").status_code == team.get("/modelli/x999/mensa/").status_code == 404


def test_proposing_reaches_who_follows_and_forces_nothing(team: HostClient, second_version: None) -> None:
    load("A662", "L109")
    before = states()
    assert "versione precedente" in team.get("/modelli/").content.decode()
    assert team.post("/modelli/proponi/").status_code == 302
    assert states() == before
    proposed = []
    for schema in SCHEMAS.values():
        with in_schema(schema):
            proposed.append(TemplateProposal.objects.count())
    assert proposed == [1, 0, 1]
    assert "da decidere" in team.get("/modelli/").content.decode()
    team.post("/modelli/proponi/")
    with in_schema("c_a662"):
        assert TemplateProposal.objects.count() == 1


def states() -> list[list[Any]]:
    found = []
    for schema in SCHEMAS.values():
        with in_schema(schema):
            found.append(list(Edition.objects.order_by("pk").values_list("pk", "status", "fingerprint")))
    return found


def test_a_comune_at_its_template_says_so(team: HostClient, client_of: Callable[..., HostClient]) -> None:
    template = latest_templates()["trasporto"]
    with in_schema("c_l109"):
        service = register_service(code="trasporto", name="Trasporto scolastico", archetype="transport")
        draft_edition(service=service, school_year=template.year, content=template.content, actor=None, now=NOW)
    assert "senza modello" in team.get("/modelli/").content.decode()
    client = client_of("terlizzi")
    with in_schema("c_l109"):
        Edition.objects.all().delete()
        client.force_login(account(Role.ADMINISTRATOR))
    assert client.post("/ufficio/tariffe/modelli/trasporto/inizia/").status_code == 302
    page = team.get("/modelli/").content.decode()
    assert "tariffe da confermare" in page
    with in_schema("c_l109"):
        assert TemplateLineage.objects.count() == 1
    assert "in tutto come il modello" in team.get("/modelli/l109/trasporto/").content.decode()
