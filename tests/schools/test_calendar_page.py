"""The calendar for the office: closures added, taken back, exported, imported."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services_catalog.models import Archetype, Closure, Service
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories.people import account
from tests.factories.schooling import school, section

PAGE = "/ufficio/calendario/"
HEADER = "DAL;AL;TIPO;MOTIVO;SERVIZIO;PLESSO;CLASSE"


@pytest.fixture
def clerk_client(bari: Municipality, bari_client: HostClient) -> HostClient:
    Service.objects.create(code="mensa", name="Mensa", archetype=Archetype.MEALS)
    bari_client.force_login(account(Role.ADMINISTRATOR))
    return bari_client


def closure(**fields: object) -> Closure:
    values = {"days": (date(2030, 12, 23), date(2031, 1, 7)), "kind": "holiday", "reason": "Vacanze di Natale"}
    return Closure.objects.create(**{**values, **fields})


def look(client: HostClient, *rows: str) -> tuple[int, str]:
    file = SimpleUploadedFile("calendario.csv", "\n".join([HEADER, *rows]).encode())
    answer = client.post(f"{PAGE}importa/", {"file": file})
    return answer.status_code, answer.content.decode().replace("&#x27;", "'")


def test_a_strike_is_added_and_taken_back(clerk_client: HostClient) -> None:
    values = {
        "first_day_day": "4",
        "first_day_month": "12",
        "first_day_year": "2030",
        "kind": "strike",
        "reason": "Sciopero",
    }
    for _ in range(2):
        assert clerk_client.post(f"{PAGE}aggiungi/", values)["Location"] == PAGE
    made = Closure.objects.get()
    assert (made.days.lower, made.days.upper, made.reason) == (date(2030, 12, 4), date(2030, 12, 5), "Sciopero")
    assert "Sciopero" in clerk_client.get(PAGE).content.decode()
    clerk_client.post(f"{PAGE}{made.pk}/togli/")
    assert not Closure.objects.exists()
    assert Event.objects.filter(action=Action.CALENDAR_CHANGED).count() == 2


def test_days_in_the_wrong_order_are_refused(clerk_client: HostClient) -> None:
    values = {
        f"{name}_{part}": value
        for name, day in (("first_day", "4"), ("last_day", "3"))
        for part, value in (("day", day), ("month", "12"), ("year", "2030"))
    }
    answer = clerk_client.post(f"{PAGE}aggiungi/", {**values, "kind": "strike", "reason": "Sciopero"})
    assert answer.status_code == 422
    assert "ultimo giorno viene prima" in answer.content.decode()


def test_what_is_exported_can_be_imported_and_changes_nothing(clerk_client: HostClient) -> None:
    of_the_year = section(school(), school_year=2030, class_year=2, letter="B")
    closure(school=of_the_year.school, section=of_the_year)
    closure(service=Service.objects.get(), kind="strike")
    text = clerk_client.get(f"{PAGE}?formato=csv").content.decode("utf-8-sig")
    header, *rows = text.splitlines()
    assert header == HEADER
    assert sorted(row.split(";")[1] for row in rows) == ["06/01/2031", "06/01/2031"]
    status, page = look(clerk_client, *rows)
    assert (status, "non c'è nulla da caricare" in page) == (200, True)


def test_a_table_is_looked_at_then_taken_in(clerk_client: HostClient) -> None:
    closure(reason="Natale")
    rows = ("23/12/2030;06/01/2031;vacanza;Vacanze di Natale;;;", "2030-11-02;;chiusura;Ponte;mensa;;")
    status, page = look(clerk_client, *rows)
    assert (status, Closure.objects.count()) == (200, 1)
    assert "Ponte" in page
    clerk_client.post(f"{PAGE}importa/", {"text": "\n".join([HEADER, *rows]), "action": "import"})
    assert sorted(Closure.objects.values_list("reason", flat=True)) == ["Ponte", "Vacanze di Natale"]
    assert Closure.objects.get(reason="Ponte").service.code == "mensa"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("domani;;chiusura;Ponte;;;", "La colonna DAL non è una data"),
        ("03/11/2030;02/11/2030;chiusura;Ponte;;;", "L'ultimo giorno viene prima"),
        ("02/11/2030;;festa;Ponte;;;", "Il tipo è uno fra"),
        ("02/11/2030;;chiusura;;;;", "Manca il motivo"),
        ("02/11/2030;;chiusura;Ponte;scuolabus;;", "Il servizio «scuolabus» non esiste"),
        ("02/11/2030;;chiusura;Ponte;;BAEE000000;", "non è fra le scuole del Comune"),
        ("02/11/2030;;chiusura;Ponte;;;2B", "La classe «2B» non esiste"),
    ],
)
def test_one_wrong_row_stops_the_table(clerk_client: HostClient, row: str, sentence: str) -> None:
    status, page = look(clerk_client, "02/11/2030;;chiusura;Giusta;;;", row)
    assert status == 422
    assert sentence in page
    assert not Closure.objects.exists()


def test_the_list_costs_the_same_whatever_the_rows(clerk_client: HostClient) -> None:
    closure(reason="Prima", school=school())
    clerk_client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        clerk_client.get(PAGE)
    for number in (2, 3):
        closure(reason=f"Chiusura {number}", school=school())
    with CaptureQueriesContext(connection) as three:
        clerk_client.get(PAGE)
    assert len(one) == len(three)


def test_parents_do_not_see_it(bari: Municipality, bari_client: HostClient) -> None:
    bari_client.force_login(account())
    for path in ("", "aggiungi/", "importa/"):
        assert bari_client.get(f"{PAGE}{path}").status_code == 403
