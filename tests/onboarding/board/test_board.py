"""The board: by stage, what blocks each, for how long, what the rooms say; fast on forty-one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Connector, Health
from onboarding import signs
from onboarding.assessment.models import PlanTask
from onboarding.assessment.rounds import open_round
from onboarding.board import gathering
from onboarding.board.blocking import ahead_of
from onboarding.board.gathering import gather_signs
from onboarding.board.models import GatheredSigns
from onboarding.board.tasks import gather
from onboarding.models import LoadState, RosterLoad
from onboarding.signs import Sign, register_signs
from sportello.accounts.models import Role
from sportello.jobs.models import Job, JobState
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Domain, Municipality, Stage, StageChange
from tenants.municipal_packs import municipal_packs
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.progress import Silent
from tests.onboarding.assessment.rounds import CENTRAL, closed_round

NOW = clock.now()


def comune(slug: str) -> Municipality:
    found: Municipality = Municipality.objects.get(slug=slug)
    return found


def at_stage(slug: str, stage: Stage, *, days_ago: int = 0) -> Municipality:
    found = comune(slug)
    Municipality.objects.filter(pk=found.pk).update(stage=stage)
    StageChange.objects.create(
        municipality=found,
        before=Stage.ASSESSMENT,
        after=stage,
        changed_at=NOW - timedelta(days=days_ago),
        changed_by="Nina Centrale",
        reason="prova",
    )
    return comune(slug)


def row_of(page: str, name: str) -> str:
    return " ".join(page.split(f">{name}</a></th>")[1].split("</tr>", maxsplit=1)[0].split())


@pytest.fixture
def only_our_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signs of this room alone: others may come, and say what they like."""
    kept = {name: signs._readers[name] for name in ("accounts", "integrations", "onboarding")}
    monkeypatch.setattr(signs, "_readers", kept)


def test_only_the_central_team_comes_in(central_client: HostClient, bari_client: HostClient) -> None:
    with in_schema(central_client.schema):
        stranger = account()
    central_client.force_login(stranger)
    for path in ("/quadro/", "/comuni/A662/percorso/"):
        assert central_client.get(path).status_code == 403
    with in_schema(bari_client.schema):
        chief = account(Role.ADMINISTRATOR)
    bari_client.force_login(chief)
    assert bari_client.get("/quadro/").status_code == 404


def test_what_blocks_a_comune_is_said_with_its_page(team: HostClient, only_our_rooms: None) -> None:
    at_stage("bari", Stage.CONFIGURATION, days_ago=12)
    with in_schema("c_a662"):
        closed_round(comune("bari"), {"processor_act": "no", "balances": "never", "project_lead": "nobody"})
    gather_signs(municipality=comune("bari"), now=NOW)
    row = row_of(team.get("/quadro/").content.decode(), "Bari")
    assert '<span class="cell-detail">da 12 giorni</span>' in row
    assert '<a href="/comuni/A662/valutazione/piano/">1 attività da fare prima della fase: configurazione</a>' in row
    assert (
        '<a href="/comuni/A662/valutazione/piano/">3 attività da fare prima della fase: prove di caricamento</a>' in row
    )
    assert "prima della fase: avvio" not in row  # that of the balances is for later
    assert '<a href="/comuni/A662/percorso/">Amministratori: nessuno</a>' in row
    assert "Qualità dei dati: nessuna prova" not in row  # it keeps from the shadow month, not from the dry runs


def test_a_comune_in_assessment_waits_for_its_round(team: HostClient) -> None:
    at_stage("bari", Stage.ASSESSMENT)
    assert "Valutazione mai fatta" in row_of(team.get("/quadro/").content.decode(), "Bari")
    with in_schema("c_a662"):
        open_round(municipality=comune("bari"), hand=CENTRAL, now=NOW)
    assert "Valutazione da completare e chiudere" in row_of(team.get("/quadro/").content.decode(), "Bari")


def test_a_schema_not_made_is_said(team: HostClient) -> None:
    made = Municipality.objects.create(
        schema_name="c_z001", belfiore_code="Z001", istat_code="072901", name="Prova", slug="prova"
    )
    row = row_of(team.get("/quadro/").content.decode(), made.name)
    assert "Schema da creare" in row
    assert "Valutazione mai fatta" in row


def test_filters_and_views_say_the_same_as_the_rows(team: HostClient, only_our_rooms: None) -> None:
    at_stage("bari", Stage.CONFIGURATION)
    at_stage("bitonto", Stage.SHADOW_MONTH)
    with in_schema("c_a893"):
        account(Role.ADMINISTRATOR)
        last_load(rows={"good": 10, "rows": 10})
    with in_schema("c_a662"):
        closed_round(comune("bari"), {"processor_act": "no"})
    for slug in ("bari", "bitonto"):
        gather_signs(municipality=comune(slug), now=NOW)

    def names(query: str) -> set[str]:
        page = team.get(f"/quadro/{query}").content.decode()
        return {name for name in ("Bari", "Bitonto", "Terlizzi") if f">{name}</a></th>" in page}

    assert names("?blocco=bloccati") == {"Bari"}
    assert names("?blocco=liberi") == {"Bitonto"}
    assert names("?blocco=ritardo") == set()
    PlanTask.objects.update(due_on=date(2026, 1, 1))
    assert names("?blocco=ritardo") == {"Bari"}
    assert names("?vista=live") == {"Terlizzi"}
    assert names("?vista=shadow_month") == {"Bitonto"}
    assert names("?cerca=terl") == {"Terlizzi"}
    for slug, stage in (("bari", stage) for stage in Stage):
        Municipality.objects.filter(slug=slug).update(stage=stage)
        row = row_of(team.get("/quadro/").content.decode(), "Bari")
        assert ('<ul class="blockers">' in row) is ("Bari" in names("?blocco=bloccati")), stage


def last_load(*, rows: dict[str, int], state: LoadState = LoadState.CHECKED) -> RosterLoad:
    return RosterLoad.objects.create(
        file="x.csv", file_name="x", sha256="0", size=1, school_year=2026, uploaded_at=NOW, state=state, counts=rows
    )


def test_data_quality_is_that_of_the_last_dry_run(bari: Municipality, only_our_rooms: None) -> None:
    last_load(rows={"good": 1, "review": 99})
    last_load(rows={"good": 80, "fix": 10, "review": 6, "reject": 3, "duplicate": 1, "rows": 100})
    last_load(rows={}, state=LoadState.FAILED)
    assert gather_signs(municipality=bari, now=NOW).data_quality == 90


@pytest.mark.parametrize(
    ("healths", "words", "tone"),
    [
        ([], "nessuno acceso", "neutral"),
        ([Health.OK, Health.DOWN], "1 su 2 non funzionano: Tributi locali", "danger"),
        ([Health.OK, Health.NEVER], "1 su 2 mai usati", "attention"),
        ([Health.OK, Health.DEGRADED], "2, a singhiozzo", "attention"),
        ([Health.OK, Health.OK], "2, funzionano", "success"),
    ],
)
def test_the_health_of_the_connectors(
    bari: Municipality, only_our_rooms: None, team: HostClient, healths: list[Health], words: str, tone: str
) -> None:
    for kind, health in zip(("inps_isee", "tributi"), healths, strict=False):
        Connector.objects.create(kind=kind, adapter="x", enabled=True, health=health)
    gather_signs(municipality=bari, now=NOW)
    page = row_of(team.get("/quadro/").content.decode(), "Bari")
    assert f'<span class="sign sign-{tone}">{words}</span>' in page


def test_a_room_adds_its_sign_and_the_board_imports_nothing(
    bari: Municipality, only_our_rooms: None, team: HostClient
) -> None:
    at_stage("bari", Stage.SHADOW_MONTH)
    last_load(rows={"good": 1})
    register_signs(
        "training",
        lambda _today: [
            Sign("training", "Formazione", "%(done)s su %(all)s", {"done": 1, "all": 4}, blocks=Stage.GO_LIVE, share=25)
        ],
    )
    account(Role.ADMINISTRATOR)
    assert gather_signs(municipality=bari, now=NOW).training == 25
    row = row_of(team.get("/quadro/").content.decode(), "Bari")
    assert "Formazione: 1 su 4</a>" in row
    with pytest.raises(ValueError, match="twice"):
        register_signs("training", lambda _today: [])


def test_signs_are_read_in_the_language_of_the_page(bari: Municipality, only_our_rooms: None, team: HostClient) -> None:
    at_stage("bari", Stage.CONFIGURATION)
    gather_signs(municipality=bari, now=NOW)
    page = team.get("/comuni/A662/percorso/", headers={"accept-language": "en"}).content.decode()
    assert "Administrators: none" in page
    assert "none switched on" in page
    assert "nessun" not in page


def test_the_clock_gathers_where_there_is_something_to_read(db: None) -> None:
    with in_schema(settings.CENTRAL_SCHEMA):
        gather()
    assert not GatheredSigns.objects.exists()
    with in_schema("c_a893"):
        gather()
    assert GatheredSigns.objects.get().municipality.slug == "bitonto"
    with in_schema("c_l109"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'canteen'")
    with in_schema("c_l109"):
        gather()
    assert GatheredSigns.objects.count() == 1


def test_the_team_has_them_read_now(team: HostClient) -> None:
    answer = team.post("/quadro/aggiorna/")
    with in_schema(team.schema):
        job = Job.objects.get(kind=gathering.GATHER)
        assert answer["Location"] == f"/ufficio/lavori/{job.public_id}/"
        assert job.state == JobState.QUEUED
        assert gathering.run_gather(job, Silent()) == {"comuni": 3}
    assert GatheredSigns.objects.count() == 3


def test_who_moved_a_comune_when_and_why_is_kept(team: HostClient) -> None:
    Municipality.objects.filter(belfiore_code="A662").update(stage=Stage.GO_LIVE)
    without = team.post("/comuni/A662/fase/", {"stage": "shadow_month", "reason": "  "})
    assert without.status_code == 422
    assert not StageChange.objects.exists()
    team.post("/comuni/A662/fase/", {"stage": "shadow_month", "reason": "saldi da rivedere"})
    change = StageChange.objects.get()
    assert (change.before, change.after, change.reason) == ("go_live", "shadow_month", "saldi da rivedere")
    for path in ("/comuni/A662/", "/comuni/A662/percorso/"):
        page = team.get(path).content.decode()
        assert "saldi da rivedere" in page
        assert change.changed_by in page


def test_the_days_in_each_stage_are_counted(team: HostClient) -> None:
    at_stage("bari", Stage.CONFIGURATION, days_ago=30)
    at_stage("bari", Stage.DRY_RUNS, days_ago=10)
    page = " ".join(team.get("/comuni/A662/percorso/").content.decode().split())
    assert "10 giorni." in page
    assert '<td data-label="Giorni" class="number">10</td>' in page
    assert '<td data-label="Giorni" class="number">20</td>' in page


def test_the_conditions_are_those_of_the_next_stage_and_before() -> None:
    assert ahead_of(Stage.ASSESSMENT) == (Stage.CONFIGURATION,)
    assert ahead_of(Stage.DRY_RUNS) == (Stage.CONFIGURATION, Stage.DRY_RUNS, Stage.SHADOW_MONTH)
    assert ahead_of(Stage.GO_LIVE)[-1] == Stage.LIVE
    assert ahead_of(Stage.LIVE) == ()


@pytest.fixture
def forty_one(db: None) -> None:
    """All the Comuni, each with a closed assessment full of tasks and with its signs."""
    for pack in municipal_packs():
        facts = pack.facts
        if not Municipality.objects.filter(slug=facts.slug).exists():
            made = Municipality.objects.create(
                name=facts.name,
                istat_code=facts.istat_code,
                belfiore_code=facts.belfiore_code,
                schema_name=facts.schema_name,
                slug=facts.slug,
            )
            Domain.objects.create(domain=f"{facts.slug}.localhost", tenant=made, is_primary=True)
    bad: dict[str, Any] = dict.fromkeys(("spid", "cie", "pagopa", "protocol", "presence", "training"), "?")
    plain = [{"key": "administrators", "label": "Amministratori", "value": "nessuno", "params": {}, "tone": "danger",
              "blocks": "dry_runs", "share": None}] * 4  # fmt: skip
    for municipality in Municipality.objects.order_by("pk"):
        with in_schema(settings.CENTRAL_SCHEMA):
            closed_round(municipality, {**bad, "project_lead": "nobody", "processor_act": "no"})
        GatheredSigns.objects.create(municipality=municipality, gathered_at=NOW, signs=plain)


def test_forty_one_comuni_cost_as_many_queries_as_three(team: HostClient, forty_one: None) -> None:
    def queries(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert team.get(f"/quadro/{query}").status_code == 200
        return len(captured)

    queries("")
    all_of_them = queries("")
    assert all_of_them == queries("?cerca=bari")
    assert all_of_them <= 11
    assert team.get("/quadro/").content.decode().count('</th>\n      <td data-label="Fase"') == 41


def test_the_board_goes_out_as_a_file(team: HostClient) -> None:
    at_stage("bari", Stage.ASSESSMENT)
    rows = team.get("/quadro/?formato=csv").content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("Bari;valutazione;0;Valutazione mai fatta;")


def test_the_signs_of_a_room_that_fails_do_not_pass_unseen(
    bari: Municipality, only_our_rooms: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that breaks breaks the gathering of that Comune: the row stays as old as it says."""
    gather_signs(municipality=bari, now=NOW)

    def broken(today: date) -> list[Sign]:
        raise ZeroDivisionError

    register_signs("broken", broken)
    with pytest.raises(ZeroDivisionError):
        gather_signs(municipality=bari, now=NOW + timedelta(hours=1))
    assert GatheredSigns.objects.get(municipality=bari).gathered_at == NOW
