"""The calendar of a service goes out as a table and comes in as a draft; a wrong table says what is wrong and where."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from services_catalog.models import Edition, EditionStatus
from sportello.accounts.models import Role
from tenants.models import Municipality
from tests import factories
from tests.factories.editions import edition

HEAD = "ORDINE;PLESSO;DAL;AL;GIORNI\r\n"
LEVELS = (
    "infanzia;;05/10/2026;25/06/2027;lun mar mer gio ven\r\nprimaria;;05/10/2026;04/06/2027;lun mar mer gio ven\r\n"
)


@pytest.fixture
def held(bari: Municipality) -> Edition:
    return edition()


@pytest.fixture
def administrator(bari: Municipality, bari_client: Any) -> Any:
    bari_client.force_login(factories.account(Role.ADMINISTRATOR))
    return bari_client


def post(client: Any, held: Edition, text: str, *, action: str = "import") -> Any:
    file = SimpleUploadedFile("calendario.csv", text.encode("utf-8-sig"), "text/csv")
    return client.post(f"/ufficio/tariffe/{held.pk}/calendario/", {"file": file, "action": action})


def test_out_and_in_again_is_the_same_calendar(administrator: Any, held: Edition) -> None:
    text = administrator.get(f"/ufficio/tariffe/{held.pk}/calendario.csv").content.decode("utf-8-sig")
    assert text.splitlines()[1] == "infanzia;;28/09/2026;04/06/2027;lun mar mer gio ven"
    assert post(administrator, held, text).status_code == 302
    draft = Edition.objects.get(status=EditionStatus.DRAFT)
    assert draft.rules.calendar == held.rules.calendar


def test_a_school_with_its_own_days_becomes_a_draft(administrator: Any, held: Edition) -> None:
    school = factories.school()
    response = post(administrator, held, f"{HEAD}{LEVELS};{school.school_code};12/10/2026;;lun mer\r\n")
    draft = Edition.objects.get(status=EditionStatus.DRAFT)
    assert response.headers["Location"] == f"/ufficio/tariffe/{draft.pk}/"
    own = draft.rules.calendar.schools[0]
    assert (own.school, own.first_day, own.weekdays) == (school.school_code, date(2026, 10, 12), ("mon", "wed"))
    held.refresh_from_db()
    assert held.rules.calendar.schools == (), "what is in force does not change"


def test_looking_changes_nothing(administrator: Any, held: Edition) -> None:
    assert post(administrator, held, HEAD + LEVELS, action="preview").status_code == 200
    assert not Edition.objects.filter(status=EditionStatus.DRAFT).exists()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("nessuno;;05/10/2026;25/06/2027;lun\r\n", "L&#x27;ordine è uno fra"),
        (f"{LEVELS};BAEE99999Z;;;lun\r\n", "non è fra le scuole del Comune"),
        ("infanzia;;05/10/2026;;lun\r\n", "servono primo giorno, ultimo giorno e giorni"),
        ("infanzia;;31/02/2026;25/06/2027;lun\r\n", "non è una data"),
        ("infanzia;;05/10/2026;25/06/2027;domani\r\n", "Il giorno «domani» non esiste"),
        ("infanzia;;05/10/2026;25/06/2027;lun\r\nprimaria;;05/10/2026;04/06/2027;mar\r\n", "gli stessi per tutti"),
        ("infanzia;;05/10/2026;25/06/2027;lun\r\n", "primaria"),
        ("infanzia;;05/10/2027;25/06/2027;lun\r\nprimaria;;05/10/2026;04/06/2027;lun\r\n", "last_day"),
    ],
)
def test_a_wrong_table_says_why_and_makes_no_draft(administrator: Any, held: Edition, rows: str, sentence: str) -> None:
    response = post(administrator, held, HEAD + rows)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Edition.objects.filter(status=EditionStatus.DRAFT).exists()


def test_a_clerk_reads_but_does_not_import(bari: Municipality, bari_client: Any, held: Edition) -> None:
    bari_client.force_login(factories.account(Role.CLERK))
    assert bari_client.get(f"/ufficio/tariffe/{held.pk}/calendario.csv?formato=xlsx").status_code == 200
    assert post(bari_client, held, HEAD + LEVELS).status_code == 403
