"""The pages of both sides: who comes in, what is filled in together, what one Comune never sees of another."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from onboarding.assessment.models import AreaSheet, AssessmentRound, PlanTask, TaskState
from onboarding.assessment.questionnaire_files import latest
from onboarding.assessment.rounds import open_round
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account
from tests.onboarding.assessment.rounds import CENTRAL, closed_round, filled_round
from tests.papers.text import text_of

type Enter = Callable[[str], HostClient]
CENTRAL_BARI = "/comuni/A662/valutazione/"
OFFICE = "/ufficio/valutazione/"


def comune(slug: str) -> Municipality:
    found: Municipality = Municipality.objects.get(slug=slug)
    return found


def in_comune[T](slug: str, work: Callable[[Municipality], T]) -> T:
    municipality = comune(slug)
    with in_schema(municipality.schema_name):
        return work(municipality)


def post_area(client: HostClient, path: str, version: int, **answers: Any) -> Any:
    """As the browser posts what the page shows."""
    asked = ",".join(key for key in answers)
    return client.post(path, {"version": version, "asked": asked, **answers})


def test_only_the_central_team_and_the_administrator_come_in(central_client: HostClient, client_of: Any) -> None:
    row = in_comune("bari", closed_round)
    with in_schema(central_client.schema):
        stranger = account()
    central_client.force_login(stranger)
    for path in ("", "1/", "1/valutazione.pdf", "1/legal/", "piano/"):
        assert central_client.get(CENTRAL_BARI + path).status_code == 403
    for role in (Role.CLERK, Role.SCHOOL, None):
        visitor = client_of("bari")
        with in_schema(visitor.schema):
            person = account(role) if role else account()
        visitor.force_login(person)
        for path in ("", f"{row.number}/", f"{row.number}/valutazione.pdf", "1/legal/", "piano/"):
            assert visitor.get(OFFICE + path).status_code == 403


def test_the_central_pages_are_not_on_a_comune(chief_of: Enter) -> None:
    chief = chief_of("bari")
    assert chief.get(CENTRAL_BARI).status_code == 404
    assert chief.post(f"{CENTRAL_BARI}apri/").status_code == 404


def test_it_is_filled_in_together(team: HostClient, chief_of: Enter) -> None:
    chief = chief_of("bari")
    assert "La apre la squadra centrale" in chief.get(OFFICE).content.decode()
    assert team.post(f"{CENTRAL_BARI}apri/").status_code == 302
    area = "1/organisation/"
    assert "segue l&#x27;avvio" in chief.get(OFFICE + area).content.decode()
    saved = post_area(chief, OFFICE + area, 0, project_lead="with_act", joining_act="?", action="save")
    assert saved["Location"] == OFFICE
    page = team.get(CENTRAL_BARI).content.decode()
    assert "2 di 4" in page
    assert "(Comune)" in page
    theirs = post_area(team, CENTRAL_BARI + area, 1, regulations="some", office_people="3")
    assert theirs["Location"] == CENTRAL_BARI
    assert AreaSheet.objects.get(area="organisation").answers == {
        "project_lead": "with_act",
        "joining_act": "?",
        "regulations": "some",
        "office_people": 3,
    }
    with in_schema(settings.CENTRAL_SCHEMA):
        assert [event.details["did"] for event in Event.objects.filter(action=Action.ASSESSMENT_CHANGED)] == [
            "answered",
            "opened",
        ]
    with in_schema("c_a662"):
        assert [event.details["did"] for event in Event.objects.filter(action=Action.ASSESSMENT_CHANGED)] == [
            "answered"
        ]


def test_who_saves_over_another_sees_both_answers_and_loses_none(team: HostClient, chief_of: Enter) -> None:
    chief = chief_of("bari")
    team.post(f"{CENTRAL_BARI}apri/")
    post_area(team, f"{CENTRAL_BARI}1/organisation/", 0, project_lead="with_act", regulations="all")
    clash = post_area(chief, f"{OFFICE}1/organisation/", 0, project_lead="nobody", joining_act="yes")
    assert clash.status_code == 409
    page = clash.content.decode()
    assert "Non hai perso niente" in page
    assert "Sì, nominata con un atto" in page
    assert 'name="version" value="1"' in page
    assert page.count("checked") == 3  # mine where we differ, both where we do not
    again = post_area(chief, f"{OFFICE}1/organisation/", 1, project_lead="nobody", joining_act="yes", regulations="all")
    assert again.status_code == 302
    assert AreaSheet.objects.get(area="organisation").answers == {
        "project_lead": "nobody",
        "joining_act": "yes",
        "regulations": "all",
    }


def test_what_the_page_did_not_ask_stays_as_it_is(team: HostClient) -> None:
    """A question that came up meanwhile, or went, is not emptied by a page that never showed it."""
    in_comune("bari", filled_round)
    before = AreaSheet.objects.get(area="services").answers
    post_area(team, f"{CENTRAL_BARI}1/services/", 1, service_sheets="some")
    assert AreaSheet.objects.get(area="services").answers == {**before, "service_sheets": "some"}


def test_questions_come_up_when_their_condition_holds(team: HostClient) -> None:
    team.post(f"{CENTRAL_BARI}apri/")
    path = f"{CENTRAL_BARI}1/services/"
    assert "plesso" not in team.get(path).content.decode()
    answer = post_area(team, path, 0, offered=["canteen"], action="next")
    assert answer["Location"] == path
    page = team.get(path).content.decode()
    assert "plesso" in page
    assert 'name="nursery_points"' not in page


def test_wrong_answers_are_told_and_kept(team: HostClient) -> None:
    team.post(f"{CENTRAL_BARI}apri/")
    path = f"{CENTRAL_BARI}1/data/"
    answer = post_area(team, path, 0, known_troubles=["none", "doubles"], fiscal_codes="checked")
    assert answer.status_code == 422
    assert "esclude le altre" in answer.content.decode()
    assert answer.content.decode().count(" checked") == 3
    both = post_area(team, f"{CENTRAL_BARI}1/people/", 0, administrators="2", administrators_unknown="on")
    assert both.status_code == 422
    assert AreaSheet.objects.get(area="data").answers == {}


def test_it_closes_when_complete_and_shows_the_way_made(team: HostClient, chief_of: Enter) -> None:
    team.post(f"{CENTRAL_BARI}apri/")
    refused = team.post(f"{CENTRAL_BARI}1/chiudi/", follow=True).content.decode()
    assert "risposte da dare" in refused
    in_comune("bari", lambda found: _fill(found, {"project_lead": "nobody", "processor_act": "?"}))
    assert team.post(f"{CENTRAL_BARI}1/chiudi/")["Location"] == f"{CENTRAL_BARI}1/"
    page = chief_of("bari").get(f"{OFFICE}1/").content.decode()
    assert "Nessuno segue l&#x27;avvio nel Comune" in page
    assert "Risposta da trovare: L&#x27;atto che nomina il responsabile" in page
    assert "Nomina il referente con un atto" in page
    team.post(f"{CENTRAL_BARI}apri/")
    post_area(team, f"{CENTRAL_BARI}2/organisation/", 1, project_lead="with_act")
    way = team.get(f"{CENTRAL_BARI}2/").content.decode()
    assert "Rispetto alla valutazione precedente" in way
    assert "<h3>Lacune colmate</h3><ul><li>Nessuno segue l&#x27;avvio nel Comune</li></ul>" in way
    assert team.get(f"{CENTRAL_BARI}1/organisation/")["Location"] == f"{CENTRAL_BARI}1/"


def _fill(found: Municipality, answers: dict[str, Any]) -> None:
    from onboarding.assessment.answering import save_area
    from tests.onboarding.assessment.answers import ready

    row = AssessmentRound.objects.get(municipality=found)
    given = {**ready(latest()), **answers}
    for area in latest().areas:
        chosen = {one.key: given[one.key] for one in area.questions}
        save_area(round_=row, area=area, answers=chosen, version=0, hand=CENTRAL, now=clock.now())


def test_a_comune_without_a_schema_is_assessed_from_the_central_desk(team: HostClient) -> None:
    Municipality.objects.create(
        schema_name="c_z001", belfiore_code="Z001", istat_code="072901", name="Prova", slug="prova"
    )
    path = "/comuni/Z001/valutazione/"
    assert team.post(f"{path}apri/").status_code == 302
    assert post_area(team, f"{path}1/organisation/", 0, project_lead="with_act")["Location"] == path
    for page in ("", "1/", "1/organisation/", "piano/", "1/valutazione.pdf"):
        assert team.get(path + page).status_code == 200


def test_a_comune_cannot_open_or_close(chief_of: Enter) -> None:
    in_comune("bari", filled_round)
    chief = chief_of("bari")
    assert chief.post(f"{OFFICE}apri/").status_code in {404, 405}
    assert chief.post(f"{OFFICE}1/chiudi/").status_code in {404, 405}
    assert "Chiudi la valutazione" not in chief.get(OFFICE).content.decode()


def test_a_comune_never_sees_another(chief_of: Enter) -> None:
    in_comune(
        "bari", lambda found: closed_round(found, {"school_product": "SEGRETO-DI-BARI", "project_lead": "nobody"})
    )
    task = PlanTask.objects.get()
    stranger = chief_of("bitonto")
    assert "Nessuna valutazione" in stranger.get(OFFICE).content.decode()
    for path in ("1/", "1/valutazione.pdf", "1/backends/", f"piano/{task.public_id}/"):
        assert stranger.get(OFFICE + path).status_code == 404
    assert stranger.post(f"{OFFICE}piano/{task.public_id}/", {"version": 1, "state": "done"}).status_code == 404
    assert stranger.post(f"{OFFICE}1/backends/", {"version": 0, "asked": "school_product"}).status_code == 404
    assert "0</strong> attività" in stranger.get(f"{OFFICE}piano/?vista=tutte").content.decode()
    with in_schema("c_a893"):
        open_round(municipality=comune("bitonto"), hand=CENTRAL, now=clock.now())
    assert "SEGRETO" not in stranger.get(f"{OFFICE}1/").content.decode()
    assert "SEGRETO" in chief_of("bari").get(f"{OFFICE}1/").content.decode()
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


def test_the_central_team_reaches_a_task_through_its_comune(team: HostClient) -> None:
    in_comune("bari", lambda found: closed_round(found, {"project_lead": "nobody"}))
    task = PlanTask.objects.get()
    assert team.get(f"{CENTRAL_BARI}piano/{task.public_id}/").status_code == 200
    assert team.get(f"/comuni/A893/valutazione/piano/{task.public_id}/").status_code == 404


def test_either_side_changes_a_task_and_reads_its_history(team: HostClient, chief_of: Enter) -> None:
    in_comune("bari", lambda found: closed_round(found, {"project_lead": "nobody"}))
    task = PlanTask.objects.get()
    facts = {"version": 1, "state": "open", "due_on_day": "1", "due_on_month": "3", "due_on_year": "2027"}
    moved = chief_of("bari").post(f"{OFFICE}piano/{task.public_id}/", {**facts, "owner_name": "Segretario", "note": ""})
    assert moved["Location"] == f"{OFFICE}piano/"
    late = team.post(f"{CENTRAL_BARI}piano/{task.public_id}/", {**facts, "state": "done", "note": ""})
    assert late.status_code == 422
    assert "ha cambiato questa attività" in late.content.decode()
    done = {**facts, "version": 2, "state": "done", "owner_name": "Segretario", "note": "atto 12"}
    assert team.post(f"{CENTRAL_BARI}piano/{task.public_id}/", done).status_code == 302
    page = team.get(f"{CENTRAL_BARI}piano/{task.public_id}/").content.decode()
    assert "Stato: prima da fare, poi fatta" in page
    assert "atto 12" in page
    assert "(Comune)" in page
    assert "(squadra centrale)" in page
    task.refresh_from_db()
    assert (task.state, task.owner_name, task.due_on.isoformat()) == ("done", "Segretario", "2027-03-01")


def test_the_plan_is_filtered_in_the_address_and_goes_out_as_a_file(team: HostClient) -> None:
    in_comune("bari", lambda found: closed_round(found, {"project_lead": "nobody", "spid": "undecided"}))
    PlanTask.objects.filter(gap="no_lead").update(due_on="2026-01-01")
    assert "Scegli come il Comune sta in SPID" in team.get(f"{CENTRAL_BARI}piano/").content.decode()
    late = team.get(f"{CENTRAL_BARI}piano/?vista=scadute").content.decode()
    assert "Nomina il referente" in late
    assert "Scegli come" not in late
    mine = team.get(f"{CENTRAL_BARI}piano/?chi=central").content.decode()
    assert "Registra il Comune come ente" in mine
    assert "Nomina il referente" not in mine
    rows = team.get(f"{CENTRAL_BARI}piano/?formato=csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 4
    assert rows[1].startswith("Nomina il referente con un atto;Nessuno segue l'avvio nel Comune;")


@pytest.mark.parametrize("path", ["", "1/", "piano/"])
def test_the_pages_cost_the_same_however_much_is_open(
    team: HostClient, path: str, django_assert_max_num_queries: Any
) -> None:
    in_comune("bari", lambda found: closed_round(found, dict.fromkeys(("spid", "cie", "pagopa", "protocol"), "?")))
    team.get(CENTRAL_BARI + path)
    with django_assert_max_num_queries(11):
        assert team.get(CENTRAL_BARI + path).status_code == 200


def test_the_paper_for_the_act_says_it_all(team: HostClient) -> None:
    in_comune("bari", lambda found: closed_round(found, {"project_lead": "nobody", "school_product": "Mensa Più"}))
    answer = team.get(f"{CENTRAL_BARI}1/valutazione.pdf", headers={"accept-language": "en"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="valutazione-bari-1.pdf"'
    text = " ".join(text_of(answer.content).split())
    for words in (
        "Comune di Bari",
        "Valutazione di maturità n. 1",
        "A662, ISTAT 072006",
        "Nessuno segue l'avvio nel Comune",
        "Va colmata prima della fase: configurazione",
        "Nomina il referente con un atto",
        "13/12/2026",
        "Esportazione del programma dei servizi scolastici (Mensa Più)",
        "C'è una persona del Comune che segue l'avvio?",
        "Per la Città metropolitana",
    ):
        assert words in text.replace("’", "'"), words
    assert "non ancora chiusa" not in text
    assert team.get(f"{CENTRAL_BARI}1/valutazione.pdf").content == answer.content
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        assert bool(document.Root.MarkInfo.Marked)
