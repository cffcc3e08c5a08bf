"""The central team's list of the Comuni, and one of them: stage, domains, first administrator."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.migration_states import MigrationState, migration_states
from tenants.models import Domain, Municipality, Stage
from tests.comuni import HostClient
from tests.factories import account, fiscal_code

BARI = "/comuni/A662/"


def another_comune(number: int) -> Municipality:
    """A Comune that has no schema yet."""
    made = Municipality.objects.create(
        schema_name=f"c_z{number:03d}",
        belfiore_code=f"Z{number:03d}",
        istat_code=f"0729{number:02d}",
        name=f"Comune di prova {number}",
        slug=f"prova-{number}",
    )
    Domain.objects.create(domain=f"prova-{number}.localhost", tenant=made, is_primary=True)
    return made


def events(action: Action) -> list[Event]:
    """What the central team's own record says."""
    with in_schema(settings.CENTRAL_SCHEMA):
        return list(Event.objects.filter(action=action).order_by("pk"))


def test_only_the_central_team_comes_in(central_client: HostClient) -> None:
    assert central_client.get("/")["Location"] == "/accedi/?next=%2F"
    with in_schema(central_client.schema):
        stranger = account()
    central_client.force_login(stranger)
    for path in ("/", BARI, f"{BARI}aspetto/", "/ufficio/personale/"):
        assert central_client.get(path).status_code == 403


def test_the_administrator_of_a_comune_is_nobody_here(central_client: HostClient, bari_client: HostClient) -> None:
    with in_schema(bari_client.schema):
        chief = account(Role.ADMINISTRATOR)
    bari_client.force_login(chief)
    central_client.cookies["sessione"] = bari_client.cookies["sessione"].value
    assert central_client.get("/").status_code == 302


def test_the_pages_of_the_central_team_are_not_on_a_comune(bari_client: HostClient) -> None:
    with in_schema(bari_client.schema):
        chief = account(Role.ADMINISTRATOR)
    bari_client.force_login(chief)
    assert bari_client.get(BARI).status_code == 404


def test_the_list_says_codes_domains_stage_and_state(team: HostClient) -> None:
    another_comune(1)
    page = team.get("/").content.decode()
    for fact in ("072006", "A662", "c_a662", "bari.localhost", "attivo", "aggiornato"):
        assert fact in page
    row = page.split("Comune di prova 1")[1]
    assert "da creare" in row.split("</tr>")[0]


def test_filters_views_and_order_are_in_the_address(team: HostClient) -> None:
    another_comune(1)
    found = team.get("/", {"cerca": "bito"}).content.decode()
    assert "Bitonto" in found
    assert "Terlizzi" not in found
    by_host = team.get("/", {"cerca": "terlizzi.local"}).content.decode()
    assert "Terlizzi" in by_host
    assert "Bitonto" not in by_host
    assert "Bitonto" not in team.get("/", {"vista": "valutazione"}).content.decode()
    page = team.get("/", {"ordina": "-nome"}).content.decode()
    assert page.index("Terlizzi") < page.index("Bitonto")


def test_the_list_goes_out_as_a_file(team: HostClient) -> None:
    answer = team.get("/", {"formato": "csv"})
    assert answer.content.decode("utf-8-sig").splitlines()[1].startswith("Bari;072006;A662;c_a662;")


def test_three_comuni_or_six_cost_the_same(team: HostClient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert team.get("/").status_code == 200
        return len(captured)

    queries()
    three = queries()
    for number in (1, 2, 3):
        another_comune(number)
    assert queries() == three


def test_a_schema_without_the_latest_migration_is_behind(db: None) -> None:
    with in_schema("c_a893"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'canteen'")
    states = migration_states()
    assert states["c_a893"] == MigrationState.BEHIND
    assert states["c_a662"] == MigrationState.ALIGNED


def test_the_stage_moves_one_step_and_back(team: HostClient) -> None:
    Municipality.objects.filter(slug="bari").update(stage=Stage.GO_LIVE)
    assert team.post(f"{BARI}fase/", {"stage": "shadow_month", "reason": "prova"}).status_code == 302
    assert Municipality.objects.get(slug="bari").stage == Stage.SHADOW_MONTH
    assert team.post(f"{BARI}fase/", {"stage": "live", "reason": "prova"}).status_code == 422
    assert team.post(f"{BARI}fase/", {"stage": "go_live", "reason": "prova"}).status_code == 302
    assert [event.details for event in events(Action.STAGE_CHANGED)] == [
        {"before": "go_live", "after": "shadow_month"},
        {"before": "shadow_month", "after": "go_live"},
    ]


def test_a_comune_without_a_schema_stays_where_it_is(team: HostClient) -> None:
    another_comune(1)
    answer = team.post("/comuni/Z001/fase/", {"stage": "configuration", "reason": "prova"})
    assert answer.status_code == 422
    assert "non ha ancora uno schema" in answer.content.decode()
    assert "Nessun amministratore" in answer.content.decode()


def test_a_custom_domain_answers_at_once(
    team: HostClient, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    visitor = HostClient("servizi.comune.esempio.ba.it", "c_a662")
    assert visitor.get("/accedi/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        answer = team.post(f"{BARI}domini/", {"host": "Servizi.Comune.Esempio.ba.it."})
    assert answer.status_code == 302
    assert visitor.get("/accedi/").status_code == 200
    assert events(Action.DOMAIN_CHANGED)[0].details == {"added": "servizi.comune.esempio.ba.it"}


@pytest.mark.parametrize(
    "host",
    [
        "https://comune.esempio.it",
        "comune.esempio.it:8000",
        "comune.esempio.it/area",
        "localhost",
        "esempio",
        "10.0.0.1",
        "-comune.it",
        "comune..it",
        "comune_esempio.it",
        "comune esempio.it",
        "a" * 64 + ".it",
        "",
        "centrale.localhost",
        "altro.localhost",
    ],
)
def test_what_is_no_host_of_a_comune_is_refused(team: HostClient, host: str) -> None:
    assert team.post(f"{BARI}domini/", {"host": host}).status_code == 422
    assert Domain.objects.filter(tenant__slug="bari").count() == 1


def test_a_domain_belongs_to_one_comune(team: HostClient) -> None:
    team.post(f"{BARI}domini/", {"host": "servizi.esempio.it"})
    answer = team.post("/comuni/A893/domini/", {"host": "servizi.esempio.it"})
    assert answer.status_code == 422
    assert "già usato" in answer.content.decode()


def test_the_primary_domain_changes_and_the_old_one_may_go(team: HostClient) -> None:
    team.post(f"{BARI}domini/", {"host": "servizi.esempio.it"})
    custom = Domain.objects.get(domain="servizi.esempio.it")
    address = f"{BARI}domini/{custom.pk}/"
    assert team.post(address, {"action": "primary"}).status_code == 302
    assert list(Domain.objects.filter(tenant__slug="bari", is_primary=True).order_by("pk")) == [custom]
    in_use = team.post(address, {"action": "remove"})
    assert in_use.status_code == 422
    assert "prima rendine principale un altro" in in_use.content.decode()
    built_in = Domain.objects.get(domain="bari.localhost")
    assert team.post(f"{BARI}domini/{built_in.pk}/", {"action": "remove"}).status_code == 422
    team.post(f"{BARI}domini/{built_in.pk}/", {"action": "primary"})
    assert team.post(address, {"action": "remove"}).status_code == 302
    assert not Domain.objects.filter(pk=custom.pk).exists()


def test_a_domain_is_changed_through_its_own_comune(team: HostClient) -> None:
    other = Domain.objects.get(domain="bitonto.localhost")
    assert team.post(f"{BARI}domini/{other.pk}/", {"action": "remove"}).status_code == 404


def test_the_first_administrator_is_recorded_on_both_sides(team: HostClient, bari_client: HostClient) -> None:
    code = fiscal_code()
    posted = {"fiscal_code": code, "given_name": "Ada", "family_name": "Prima", "email": "ada@example.org"}
    assert team.post(f"{BARI}amministratori/", posted).status_code == 302
    with in_schema(bari_client.schema):
        chief = Account.objects.get(identifier=code)
        assert chief.roles_on(clock.today()) == {Role.ADMINISTRATOR}
        there = Event.objects.get(action=Action.ROLE_GRANTED)
    here = events(Action.ROLE_GRANTED)[0]
    assert (there.actor, there.subject) == (None, str(chief.public_id))
    assert (here.subject, here.details) == (there.subject, {"role": "administrator", "municipality": "A662"})
    assert "Ada Prima" in team.get(BARI).content.decode()
    again = team.post(f"{BARI}amministratori/", posted)
    assert again.status_code == 422
    assert "ha già questo ruolo" in again.content.decode()
    bari_client.force_login(chief)
    assert bari_client.get("/ufficio/personale/").status_code == 200


def test_no_administrator_without_a_schema(team: HostClient) -> None:
    another_comune(1)
    posted = {"fiscal_code": fiscal_code(), "given_name": "Ada", "family_name": "Prima"}
    assert team.post("/comuni/Z001/amministratori/", posted).status_code == 422
    assert events(Action.ROLE_GRANTED) == []


def test_the_first_member_of_the_team_is_named_from_the_console(central_client: HostClient) -> None:
    code = fiscal_code()
    for _ in range(2):
        call_command("appoint_central", fiscal_code=code, given_name="Nina", family_name="Centrale", verbosity=0)
    with in_schema(settings.CENTRAL_SCHEMA):
        member = Account.objects.get(identifier=code)
        assert member.roles_on(clock.today()) == {Role.CENTRAL}
        assert member.grants.count() == 1
    central_client.force_login(member)
    assert "Comuni" in central_client.get("/").content.decode()


def test_the_team_names_its_own_members(team: HostClient) -> None:
    posted = {"fiscal_code": fiscal_code(), "given_name": "Ada", "family_name": "Nuova", "role": "central"}
    assert team.post("/ufficio/personale/nuovo/", posted).status_code == 302
    page = team.get("/ufficio/personale/").content.decode()
    assert "Nuova Ada" in page
    assert team.post("/ufficio/personale/nuovo/", {**posted, "role": "clerk"}).status_code == 422
