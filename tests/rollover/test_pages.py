"""The office asks for a rehearsal, reads the list, ticks rows, takes it away as a file; every reading is on record."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services_catalog.models import Edition
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.canteen.models import DietKind, SpecialDiet
from sportello.families.models import Child, Household
from sportello.jobs.models import Job
from sportello.jobs.running import run_job
from sportello.kernel import clock
from sportello.rollover.models import WorkItem, WorkKind
from sportello.rollover.words import what_happens, what_to_do
from sportello.schools.models import Level
from tenants.current import in_schema
from tenants.models import Municipality
from tests import factories
from tests.comuni import HostClient
from tests.rollover.conftest import NEXT, TODAY, enrolled, followed, room

PAGE = "/ufficio/nuovo-anno/"


@pytest.fixture
def clerk(canteen: Edition) -> Account:
    return factories.account(Role.CLERK, given_name="Rita", family_name="Lorusso")


@pytest.fixture
def office(clerk: Account, bari_client: HostClient) -> HostClient:
    bari_client.force_login(clerk)
    return bari_client


def rehearse(office: HostClient) -> None:
    office.post(f"{PAGE}prova/")
    run_job(public_id=Job.objects.filter(kind="rollover.rehearsal").latest("pk").public_id, now=clock.now)


def text(answer: Any) -> str:
    page: str = answer.content.decode().replace("\xa0", " ")
    return page


def leaver(canteen: Edition, **fields: Any) -> Child:
    return enrolled(canteen, room(Level.PRIMARY, 5), **fields)


def test_she_asks_reads_and_ticks(canteen: Edition, office: HostClient) -> None:
    child = leaver(canteen, given_name="Ada", family_name="Zaccheo")
    assert "Nessuna prova" in text(office.get(PAGE))
    answer = office.post(f"{PAGE}prova/")
    job = Job.objects.get(kind="rollover.rehearsal")
    assert (answer.status_code, answer["Location"]) == (302, f"/ufficio/lavori/{job.public_id}/")
    run_job(public_id=job.public_id, now=clock.now)
    assert f"{PAGE}?anno=2027" in text(office.get(f"/ufficio/lavori/{job.public_id}/"))

    page = text(office.get(PAGE))
    for words in (
        f"/ufficio/bambini/{child.public_id}/",
        "Zaccheo Ada",
        "il servizio non è previsto per la classe nuova (secondaria di primo grado)",
        "controlla se resta un credito o un debito",
        '>1</span> <span class="fact-detail"><a href="/ufficio/nuovo-anno/?anno=2027&amp;tipo=ending">da fare su 1</a>',
        "31/08/2027",
        "Mensa scolastica 2026/27, revisione 1 (in vigore)",
    ):
        assert words in page

    row = WorkItem.objects.get()
    answer = office.post(f"{PAGE}spunta/", {"lavoro": row.pk, "action": "done", "da": f"{PAGE}?tipo=ending"})
    assert answer["Location"] == f"{PAGE}?tipo=ending"
    assert "Con questi filtri non c'è nulla da fare" in text(office.get(PAGE))
    done = text(office.get(f"{PAGE}?vista=fatte"))
    assert "Rita Lorusso" in done
    assert '>0</span> <span class="fact-detail">' in done
    office.post(f"{PAGE}spunta/", {"lavoro": row.pk, "action": "reopen"})
    assert "Zaccheo Ada" in text(office.get(PAGE))


def test_nothing_ticked_says_so_and_a_strange_way_back_is_not_taken(canteen: Edition, office: HostClient) -> None:
    answer = office.post(f"{PAGE}spunta/", {"lavoro": "x", "da": "https://example.org/"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Spunta almeno una riga" in text(answer)


def test_rows_are_found_by_kind_school_name_and_year(canteen: Edition, office: HostClient) -> None:
    ending = leaver(canteen, given_name="Ada", family_name="Zaccheo")
    lost = enrolled(canteen, None, given_name="Leo", family_name="Abate")
    rehearse(office)
    school = ending.placements.get().section.school.school_code
    for query in ("tipo=ending", f"scuola={school}", "cerca=zacc", "cerca=ada zac", "anno=2027&tipo=ending"):
        page = text(office.get(f"{PAGE}?{query}"))
        assert str(ending.public_id) in page
        assert str(lost.public_id) not in page
    assert str(ending.public_id) not in text(office.get(f"{PAGE}?anno=2026"))


def test_each_kind_has_its_words(canteen: Edition, office: HostClient) -> None:
    home = Household.objects.create()
    section = room(Level.PRIMARY, 2)
    younger = enrolled(canteen, section, home, birth_date=date(2019, 3, 1))
    enrolled(canteen, room(Level.PRIMARY, 5), home, birth_date=date(2016, 3, 1))
    enrolled(canteen, room(Level.PRESCHOOL, 3))
    enrolled(canteen, None)
    factories.isee(younger, "8.500,00")
    SpecialDiet.objects.create(
        child=younger, kind=DietKind.MEDICAL, code="celiac", valid_during=(date(2026, 9, 1), date(2027, 7, 1))
    )
    rehearse(office)
    said = {row.kind: f"{what_happens(row)} {what_to_do(row)}".replace("\xa0", " ") for row in WorkItem.objects.all()}
    assert set(said) == set(WorkKind.values) - {WorkKind.ARREARS}  # the renewals have a story of their own
    assert said["section"].startswith("1 bambino passa alla 3A, che non c'è ancora.")
    assert "passa a: scuola primaria. Serve una nuova iscrizione" in said["new_school"]
    assert said["diet"] == "La dieta sanitaria vale fino al 30/06/2027. Chiedi il certificato nuovo."
    assert "celia" not in text(office.get(PAGE)).lower()
    assert "senza, la tariffa passa da 1,90 € a 3,00 €." in said["isee"]
    assert "Era il figlio n. 2, diventa il n. 1: la tariffa passa da 0,95 € a 1,90 €." in said["siblings"]


@pytest.mark.parametrize(
    ("renewal", "words"),
    [
        (
            "confirmed",
            "Il posto continua solo se la famiglia conferma entro il 31/05/2027. Ricorda alla famiglia",
        ),
        ("none", "questo servizio vuole una domanda nuova ogni anno. Ricorda alla famiglia di fare la domanda nuova."),
        (None, "la classe nuova è fra quelle del servizio. Chiedi alla famiglia di confermare o cambiare"),
    ],
)
def test_a_renewal_is_told_as_the_edition_has_it(renewal: str | None, words: str) -> None:
    facts = {"next_level": "primaria", **({"renewal": renewal} if renewal else {})}
    row = WorkItem(kind=WorkKind.RENEWAL, due_on=date(2027, 5, 31), facts=facts)
    assert words in f"{what_happens(row)} {what_to_do(row)}"


@pytest.mark.parametrize("query", ["", "?vista=tutte", "?formato=csv"])
def test_the_list_costs_the_same_with_one_row_and_three(canteen: Edition, office: HostClient, query: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(PAGE + query).status_code == 200
        return len(queries)

    def with_one_more() -> int:
        leaver(canteen)
        rehearse(office)
        office.get(PAGE)  # takes the messages away
        return cost()

    one = with_one_more()
    with_one_more()
    three = with_one_more()
    assert WorkItem.objects.count() == 3
    assert three == one


def test_reading_is_recorded_diets_apart(canteen: Edition, office: HostClient, clerk: Account) -> None:
    section = room(Level.PRIMARY, 2)
    followed(section)
    child = enrolled(canteen, section)
    rehearse(office)
    office.get(PAGE)
    assert Event.objects.filter(action=Action.PERSON_LIST_READ, subject="work-list", actor=clerk.pk).count() == 1
    assert not Event.objects.filter(action=Action.DIET_READ).exists()
    SpecialDiet.objects.create(
        child=child, kind=DietKind.MEDICAL, code="celiac", valid_during=(date(2026, 9, 1), date(2027, 7, 1))
    )
    rehearse(office)
    office.get(PAGE)
    office.get(f"{PAGE}?formato=csv")
    assert Event.objects.filter(action=Action.DIET_READ, subject="work-list").count() == 2
    assert Event.objects.filter(action=Action.PERSON_LIST_EXPORTED, subject="work-list").count() == 1


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_it_leaves_as_a_file_that_no_spreadsheet_runs(canteen: Edition, office: HostClient, file_format: str) -> None:
    leaver(canteen, family_name="=HYPERLINK(1)", given_name="Ada", fiscal_code=None)
    rehearse(office)
    answer = office.get(f"{PAGE}?formato={file_format}")
    assert "lavori-1-settembre" in answer["Content-Disposition"]
    if file_format == "csv":
        assert "'=HYPERLINK(1);Ada" in answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.SUPPORT, None])
def test_only_the_office_enters(canteen: Edition, client_of: Callable[..., HostClient], role: Role | None) -> None:
    visitor = client_of("bari")
    assert visitor.get(PAGE).status_code == 302
    visitor.force_login(factories.account(*([role] if role else [])))
    assert visitor.get(PAGE).status_code == 403
    assert visitor.post(f"{PAGE}prova/").status_code == 403
    assert visitor.post(f"{PAGE}spunta/", {"lavoro": "1"}).status_code == 403


def test_another_comune_sees_nothing(
    canteen: Edition,
    office: HostClient,
    bitonto: Municipality,
    client_of: Callable[..., HostClient],
    bari: Municipality,
) -> None:
    with in_schema(bari.schema_name):
        child = leaver(canteen)
        rehearse(office)
        number = WorkItem.objects.get().pk
    with in_schema(bitonto.schema_name):
        neighbour = client_of("bitonto")
        neighbour.force_login(factories.account(Role.ADMINISTRATOR))
        assert str(child.public_id) not in text(neighbour.get(f"{PAGE}?vista=tutte"))
        neighbour.post(f"{PAGE}spunta/", {"lavoro": number, "action": "done"})
    with in_schema(bari.schema_name):
        assert WorkItem.objects.get().done_at is None


def test_the_year_that_has_begun_is_still_to_be_read_not_rehearsed(canteen: Edition, office: HostClient) -> None:
    assert "Fai la prova" in text(office.get(PAGE))
    assert NEXT.start_year == TODAY.year + 1
    assert "Fai la prova" not in text(office.get(f"{PAGE}?anno=2026")).split("Premi")[0]
