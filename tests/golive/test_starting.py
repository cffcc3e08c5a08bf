"""The day, the waivers, the start in one step, and the way back: who may, what is kept, what families see."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding.golive.check import Asked, Check, Cure, Finding, Where
from onboarding.golive.errors import (
    AlreadyWaived,
    DayGone,
    LegalCheck,
    NoDayChosen,
    NotAWayBack,
    NothingToWaive,
    NotInGoLiveStage,
    NotLive,
    NotReady,
    TooEarly,
)
from onboarding.golive.models import ChosenDay, Move, Waiver
from onboarding.golive.standing import standing_of
from onboarding.golive.starting import choose_day, go_back, go_live, waive_check, withdraw_waiver
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.hosts import host_table
from tenants.models import Municipality, Stage
from tests.comuni import HostClient
from tests.factories import account

NOW = clock.now()
TODAY = clock.today()
PAGE = "/comuni/A662/avvio/"
WHY = "Il Comune porta lo stemma la settimana prossima."


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Three checks whose answers a test gives: of the law, of the house, and a warning."""
    answers = {"law": True, "house": True, "warning": True}

    def asks(code: str) -> Check:
        def judge(_asked: Asked) -> Finding:
            cure = Cure(Where.CENTRAL if code == "house" else Where.COMUNE, f"/cura/{code}/", "Vai a sistemare")
            return Finding(answers[code], f"Detto da {code}.", cure)

        return Check(code, f"Controllo {code}", judge, blocking=code != "warning", legal=code == "law")

    monkeypatch.setattr("onboarding.golive.check._checks", {code: asks(code) for code in answers})
    return answers


@pytest.fixture
def bari_on_the_eve(bari: Municipality) -> Municipality:
    Municipality.objects.filter(pk=bari.pk).update(stage=Stage.GO_LIVE)
    bari.refresh_from_db()
    return bari


@pytest.fixture
def member(central: None) -> Account:
    """Somebody of the central team, at her desk."""
    return account(Role.CENTRAL, given_name="Cea", family_name="Trale")


def of_bari() -> Municipality:
    return Municipality.objects.get(slug="bari")


def chosen(bari: Municipality, member: Account, day: date = TODAY) -> None:
    choose_day(municipality=bari, day=day, actor=member, now=NOW)


def test_it_starts_when_nothing_blocks_and_the_day_is_there(
    found: dict[str, bool], bari_on_the_eve: Municipality, member: Account
) -> None:
    bari = bari_on_the_eve
    found["warning"] = False
    with pytest.raises(NoDayChosen):
        go_live(municipality=bari, actor=member, now=NOW)
    with pytest.raises(DayGone):
        chosen(bari, member, TODAY - timedelta(days=1))
    chosen(bari, member, TODAY + timedelta(days=1))
    with pytest.raises(TooEarly):
        go_live(municipality=bari, actor=member, now=NOW)
    chosen(bari, member)
    go_live(municipality=bari, actor=member, now=NOW)
    assert of_bari().stage == Stage.LIVE
    with in_schema("c_a662"):
        move = Move.objects.get()
        assert (move.kind, move.made_by) == ("started", "Cea Trale")
        event = Event.objects.get(action=Action.STAGE_CHANGED)
        assert (event.actor, event.details) == (None, {"before": "go_live", "after": "live", "waived": []})
        assert ChosenDay.objects.count() == 2
    assert Event.objects.get(action=Action.STAGE_CHANGED).actor == member.pk
    with pytest.raises(NotInGoLiveStage):
        go_live(municipality=of_bari(), actor=member, now=NOW)


@pytest.mark.parametrize("code", ["law", "house"])
def test_a_blocking_check_keeps_it_closed(
    found: dict[str, bool], bari_on_the_eve: Municipality, member: Account, code: str
) -> None:
    chosen(bari_on_the_eve, member)
    found[code] = False
    with pytest.raises(NotReady, match=f"Controllo {code}"):
        go_live(municipality=bari_on_the_eve, actor=member, now=NOW)
    assert of_bari().stage == Stage.GO_LIVE
    with in_schema("c_a662"):
        assert not Move.objects.exists()


def test_a_waiver_opens_the_way_and_is_taken_back(
    found: dict[str, bool], bari_on_the_eve: Municipality, member: Account
) -> None:
    bari = bari_on_the_eve
    chosen(bari, member)
    found["house"] = False
    waive_check(municipality=bari, code="house", reason=WHY, actor=member, now=NOW)
    with pytest.raises(AlreadyWaived):
        waive_check(municipality=bari, code="house", reason=WHY, actor=member, now=NOW)
    standing = standing_of(municipality=bari, now=NOW)
    assert [row.state for row in standing.rows] == ["passed", "waived", "passed"]
    withdraw_waiver(municipality=bari, code="house", actor=member, now=NOW)
    with pytest.raises(NotReady):
        go_live(municipality=bari, actor=member, now=NOW)
    waive_check(municipality=bari, code="house", reason=WHY, actor=member, now=NOW)
    go_live(municipality=bari, actor=member, now=NOW)
    assert Event.objects.get(action=Action.STAGE_CHANGED).details["waived"] == ["house"]
    events = Event.objects.filter(action=Action.GO_LIVE_CHANGED).order_by("pk")
    assert [event.details["event"] for event in events] == [
        "day_chosen",
        "check_waived",
        "waiver_withdrawn",
        "check_waived",
    ]
    with in_schema("c_a662"):
        assert Waiver.objects.filter(withdrawn_by="Cea Trale").count() == 1


def test_what_the_law_asks_is_never_waived(
    found: dict[str, bool], bari_on_the_eve: Municipality, member: Account
) -> None:
    found |= {"law": False, "warning": False}
    for code, refusal in (("law", LegalCheck), ("warning", NothingToWaive), ("unknown", NothingToWaive)):
        with pytest.raises(refusal):
            waive_check(municipality=bari_on_the_eve, code=code, reason=WHY, actor=member, now=NOW)
    # A waiver that were there all the same, written by hand, is of a check that went legal: it counts for nothing new.
    with in_schema("c_a662"):
        assert not Waiver.objects.exists()


def test_the_way_back_loses_nothing(found: dict[str, bool], bari: Municipality, member: Account) -> None:
    with in_schema("c_a662"):
        held = account(given_name="Resta")
    values = {"reason": "I saldi non tornano.", "notice": "Torniamo lunedì.", "actor": member, "now": NOW}
    with pytest.raises(NotAWayBack):
        go_back(municipality=bari, stage=Stage.LIVE, **values)
    go_back(municipality=bari, stage=Stage.SHADOW_MONTH, **values)
    assert of_bari().stage == Stage.SHADOW_MONTH
    with in_schema("c_a662"):
        move = Move.objects.get()
        assert (move.kind, move.reason, move.notice) == ("returned", "I saldi non tornano.", "Torniamo lunedì.")
        assert Account.objects.filter(pk=held.pk).exists()
    with pytest.raises(NotLive):
        go_back(municipality=of_bari(), stage=Stage.SHADOW_MONTH, **values)


def team(client: HostClient) -> Account:
    with in_schema(settings.CENTRAL_SCHEMA):
        member = account(Role.CENTRAL, given_name="Cea", family_name="Trale")
    client.force_login(member)
    return member


def test_the_page_of_the_central_team_from_the_eve_to_the_way_back(
    found: dict[str, bool], bari_on_the_eve: Municipality, central_client: HostClient, bari_client: HostClient
) -> None:
    team(central_client)
    found["house"] = False
    page = central_client.get(PAGE).content.decode()
    assert "1 controllo blocca l&#x27;avvio." in page or "1 controllo blocca l'avvio." in page
    assert 'href="/cura/house/"' in page
    assert "Apri alle famiglie" not in page
    short = central_client.post(f"{PAGE}deroghe/house/", {"deroga-reason": "perché sì"})
    assert short.status_code == 422
    assert central_client.post(f"{PAGE}deroghe/law/", {"deroga-reason": WHY}).status_code == 422
    assert central_client.post(f"{PAGE}deroghe/house/", {"deroga-reason": WHY})["Location"] == PAGE
    assert WHY in central_client.get(PAGE).content.decode()
    day = {"giorno-day_day": TODAY.day, "giorno-day_month": TODAY.month, "giorno-day_year": TODAY.year}
    assert central_client.post(f"{PAGE}giorno/", day)["Location"] == PAGE
    assert "Apri alle famiglie" in central_client.get(PAGE).content.decode()
    central_client.post(f"{PAGE}parti/")
    assert of_bari().stage == Stage.LIVE
    assert bari_client.get("/area/")["Location"].startswith("/accedi/")
    back = {"ritorno-stage": "go_live", "ritorno-reason": "I saldi non tornano.", "ritorno-notice": "Torniamo lunedì."}
    assert central_client.post(f"{PAGE}ritorno/", back | {"ritorno-notice": ""}).status_code == 422
    assert central_client.post(f"{PAGE}ritorno/", back)["Location"] == PAGE
    assert of_bari().stage == Stage.GO_LIVE
    host_table.forget()  # what the commit would announce
    closed = bari_client.get("/area/")
    assert closed.status_code == 503
    assert "Torniamo lunedì." in closed.content.decode()
    assert "I saldi non tornano." not in closed.content.decode()


def test_the_administrator_reads_chooses_and_rehearses_and_no_more(
    found: dict[str, bool], bari_on_the_eve: Municipality, bari_client: HostClient
) -> None:
    found |= {"house": False, "law": False}
    with in_schema(bari_client.schema):
        clerk, chief = account(Role.CLERK), account(Role.ADMINISTRATOR)
    bari_client.force_login(clerk)
    assert bari_client.get("/ufficio/avvio/").status_code == 403
    bari_client.force_login(chief)
    page = bari_client.get("/ufficio/avvio/").content.decode()
    assert 'href="/cura/law/"' in page
    assert "squadra centrale</span>" in page
    assert "Parti anche senza" not in page
    assert "Apri alle famiglie" not in page
    day = {"giorno-day_day": 1, "giorno-day_month": 1, "giorno-day_year": 2020}
    assert bari_client.post("/ufficio/avvio/giorno/", day).status_code == 422
    assert bari_client.post("/ufficio/avvio/prova/")["Location"] == "/ufficio/avvio/"
    assert "La prova è in corso" in bari_client.get("/ufficio/avvio/").content.decode()
    assert bari_client.get(PAGE).status_code == 404


def test_the_stage_is_not_moved_round_the_check_list(
    found: dict[str, bool], bari_on_the_eve: Municipality, central_client: HostClient
) -> None:
    team(central_client)
    answer = central_client.post("/comuni/A662/fase/", {"stage": "live", "reason": "prova"})
    assert answer.status_code == 422
    assert of_bari().stage == Stage.GO_LIVE
    Municipality.objects.filter(slug="bari").update(stage=Stage.LIVE)
    assert central_client.post("/comuni/A662/fase/", {"stage": "dry_runs", "reason": "prova"}).status_code == 422


def test_only_the_central_team_decides(bari: Municipality, central_client: HostClient) -> None:
    with in_schema(settings.CENTRAL_SCHEMA):
        stranger = account()
    assert central_client.get(PAGE).status_code == 302
    central_client.force_login(stranger)
    for path in ("parti/", "ritorno/", "giorno/", "prova/", "deroghe/rows/", "deroghe/rows/togli/"):
        assert central_client.post(f"{PAGE}{path}").status_code == 403
    assert central_client.get(PAGE).status_code == 403


def test_a_comune_without_a_schema_says_so(central_client: HostClient, db: None) -> None:
    team(central_client)
    with in_schema("public"):
        Municipality.objects.create(
            schema_name="c_z001", belfiore_code="Z001", istat_code="072901", name="Senza schema", slug="senza"
        )
    assert "va prima predisposto" in central_client.get("/comuni/Z001/avvio/").content.decode()


def test_families_read_and_do_nothing_before_the_start(
    bari_on_the_eve: Municipality, bari_client: HostClient, member: Account
) -> None:
    bari = bari_on_the_eve
    home = bari_client.get("/")
    assert home.status_code == 200
    assert "Sportello in preparazione" in home.content.decode()
    assert "Le famiglie non possono ancora entrare." in home.content.decode()
    for path in ("/area/", "/area/domande/", "/partecipazione/", "/avvisi/"):
        assert bari_client.get(path).status_code == 503
    assert bari_client.post("/area/").status_code == 503
    with in_schema(bari.schema_name):
        parent = account()
    bari_client.force_login(parent)
    assert bari_client.get("/area/").status_code == 503
    chosen(bari, member, TODAY + timedelta(days=3))
    assert "Apre il" in bari_client.get("/").content.decode()
    with in_schema(bari.schema_name):
        clerk = account(Role.CLERK)
    bari_client.force_login(clerk)
    assert bari_client.get("/ufficio/").status_code == 200
    assert bari_client.get("/area/").status_code == 200


def test_a_live_comune_pays_nothing_for_it(bari: Municipality, bari_client: HostClient) -> None:
    with CaptureQueriesContext(connection) as captured:
        page = bari_client.get("/").content.decode()
    assert "opening-strip" not in page
    assert not [one for one in captured.captured_queries if "golive_" in one["sql"]]


def test_nobody_in_the_twin_starts_anything(bari: Municipality, db: None) -> None:
    from tenants.twins import begin_twin_afresh

    twin = begin_twin_afresh(municipality=bari)
    client = HostClient("prova-bari.localhost", twin.schema_name)
    with in_schema(twin.schema_name):
        chief = account(Role.ADMINISTRATOR)
    client.force_login(chief)
    assert client.get("/ufficio/avvio/").status_code == 404
    with pytest.raises(ObjectDoesNotExist):
        go_live(municipality=twin, actor=chief, now=NOW)


def test_the_public_facts_are_public_before_the_start(bari_on_the_eve: Municipality, bari_client: HostClient) -> None:
    host_table.forget()
    for page in ("status", "schools", "services", "openapi.json"):
        assert bari_client.get(f"/api/v1/{page}").status_code == 200, page
    paths = bari_client.get("/api/v1/openapi.json").json()["paths"]
    assert {verb for path in paths.values() for verb in path if verb != "parameters"} == {"get"}
    assert bari_client.post("/api/v1/services").status_code in {403, 405}
    assert bari_client.get("/area/").status_code == 503
