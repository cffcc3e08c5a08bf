"""Schools for the office: list, export, import with a look first."""

import io

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.schools.models import School
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories.people import account
from tests.factories.schooling import school

PAGE = "/ufficio/scuole/"
HEADER = "CODICE;NOME;GRADO;TIPO;GESTIONE;INDIRIZZO;ATTIVA"


@pytest.fixture
def clerk_client(bari: Municipality, bari_client: HostClient) -> HostClient:
    bari_client.force_login(account(Role.CLERK))
    return bari_client


def look(client: HostClient, *rows: str, header: str = HEADER) -> tuple[int, str]:
    file = SimpleUploadedFile("scuole.csv", "\r\n".join([header, *rows]).encode("cp1252"))
    answer = client.post(f"{PAGE}importa/", {"file": file})
    return answer.status_code, answer.content.decode()


def test_the_list_is_filtered_sorted_and_paged(clerk_client: HostClient) -> None:
    school(name="Collodi", level="infanzia")
    school(name="Rodari", level="primaria")
    school(name="Chiusa", is_active=False)
    assert "Rodari" not in clerk_client.get(f"{PAGE}?grado=infanzia").content.decode()
    assert "Collodi" in clerk_client.get(f"{PAGE}?testo=coll").content.decode()
    assert "Chiusa" in clerk_client.get(f"{PAGE}?vista=non-attive").content.decode()


def test_what_is_exported_can_be_imported_and_changes_nothing(clerk_client: HostClient) -> None:
    school(name="Nicolò; la scuola", address="VIA ROMA 1")
    text = clerk_client.get(f"{PAGE}?formato=csv").content.decode("utf-8-sig")
    header, *rows = text.splitlines()
    assert header == HEADER
    status, page = look(clerk_client, *rows)
    assert status == 200
    assert "non c'è nulla da caricare" in page.replace("&#x27;", "'")


def test_the_spreadsheet_holds_the_same(clerk_client: HostClient) -> None:
    one = school(name="Collodi")
    content = clerk_client.get(f"{PAGE}?formato=xlsx").content
    data = tablib.Dataset().load(io.BytesIO(content), format="xlsx")
    assert [row["CODICE"] for row in data.dict] == [one.school_code]


def test_a_table_is_looked_at_then_taken_in(clerk_client: HostClient) -> None:
    known = school(name="Vecchio nome")
    rows = (f"{known.school_code};Nuovo nome;primaria;;statale;;sì", "BAAA123456;Aquilone;infanzia;;comunale;;")
    status, page = look(clerk_client, *rows)
    assert (status, School.objects.count()) == (200, 1)
    assert "Aquilone" in page
    answer = clerk_client.post(f"{PAGE}importa/", {"text": "\n".join([HEADER, *rows]), "action": "import"})
    assert answer["Location"] == PAGE
    assert sorted(School.objects.values_list("name", flat=True)) == ["Aquilone", "Nuovo nome"]
    assert Event.objects.filter(action=Action.TABLE_IMPORTED).count() == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("BAEE;Corta;primaria;;;;", "dieci lettere e cifre"),
        ("BAEE123456;Scuola;asilo;;;;", "Il grado è uno fra"),
        ("BAEE123456;;primaria;;;;", "Manca il nome"),
        ("BAEE123456;Scuola;primaria;;;;forse", "ATTIVA è sì o no"),
    ],
)
def test_one_wrong_row_stops_the_table(clerk_client: HostClient, row: str, sentence: str) -> None:
    status, page = look(clerk_client, "BAEE999999;Giusta;primaria;;;;", row)
    assert status == 422
    assert sentence in page
    answer = clerk_client.post(
        f"{PAGE}importa/", {"text": f"{HEADER}\nBAEE999999;Giusta;primaria;;;;\n{row}", "action": "import"}
    )
    assert answer.status_code == 422
    assert not School.objects.exists()


def test_missing_columns_are_named(clerk_client: HostClient) -> None:
    status, page = look(clerk_client, "x;y", header="CODICE;NOME")
    assert status == 422
    assert "Mancano le colonne GRADO, TIPO, GESTIONE, INDIRIZZO, ATTIVA." in page


def test_the_list_costs_the_same_whatever_the_rows(clerk_client: HostClient) -> None:
    school()
    clerk_client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        clerk_client.get(PAGE)
    school(), school()
    with CaptureQueriesContext(connection) as three:
        clerk_client.get(PAGE)
    assert len(one) == len(three)


def test_parents_do_not_see_it(bari: Municipality, bari_client: HostClient) -> None:
    bari_client.force_login(account())
    assert bari_client.get(PAGE).status_code == 403
    assert bari_client.get(f"{PAGE}importa/").status_code == 403
