"""The pages of a clerk: the file of the tax office, and the verdict in the file of a child."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.families.models import Adult, Child
from sportello.jobs.models import Job
from sportello.jobs.running import run_job
from sportello.kernel import clock
from sportello.means import tasks
from sportello.means.models import TaxFileLoad, TaxPosition
from sportello.means.tax_words import DEFECTS
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories.people import account, adult, child
from tests.tributi.files import detail, extract

PAGE = "/ufficio/tributi/"


@pytest.fixture
def clerk(bari: Municipality, bari_client: HostClient, settings: Settings, tmp_path: Path) -> Account:
    settings.MEDIA_ROOT = str(tmp_path)
    made = account(Role.CLERK)
    bari_client.force_login(made)
    return made


@pytest.fixture
def mother(clerk: Account) -> Adult:
    return adult()


@pytest.fixture
def minor(mother: Adult) -> Child:
    return child(mother)


def hand_in(client: HostClient, content: bytes, **fields: Any) -> str:
    """The page of the file, once it was read."""
    answer = client.post(PAGE, {"file": SimpleUploadedFile("tributi.txt", content), **fields})
    load = TaxFileLoad.objects.select_related("job").latest("pk")
    assert load.job is not None
    assert answer["Location"] == reverse("jobs:job", args=[load.job.public_id])
    return worked_off(load)


def worked_off(load: TaxFileLoad) -> str:
    """The page of the file, once its job came to an end."""
    load.refresh_from_db()
    assert load.job is not None
    run_job(public_id=load.job.public_id, now=clock.now)
    return reverse("means:tax_file", args=[load.public_id])


def test_from_the_file_to_the_child(mother: Adult, minor: Child, bari_client: HostClient) -> None:
    page = hand_in(bari_client, extract([detail(1, str(mother.fiscal_code)), detail(2, "X")], off_by=1))
    dry = bari_client.get(page).content.decode()
    assert "Le somme di controllo non tornano" in dry
    assert "Il codice fiscale non è valido" in dry
    assert str(mother.fiscal_code) not in dry
    refused = bari_client.post(f"{page}carica/", follow=True).content.decode()
    assert "conferma di averle verificate" in refused
    for _twice in range(2):
        bari_client.post(f"{page}carica/", {"confirmed": "on"})
    assert Job.objects.filter(kind="tax_file_commit").count() == 1
    assert "Caricato: 1 posizione." in bari_client.get(worked_off(TaxFileLoad.objects.get())).content.decode()
    file = bari_client.get(f"/ufficio/bambini/{minor.public_id}/").content.decode()
    assert "posizione regolare fino al 13/05/2027" in file
    assert Event.objects.get(action=Action.TAX_POSITION_READ).subject == str(mother.public_id)


def test_a_file_that_is_not_one_says_so_and_is_thrown_away(clerk: Account, bari_client: HostClient) -> None:
    told = bari_client.get(hand_in(bari_client, b"non un file dei tributi")).content.decode()
    assert "Riga 1: manca il record di testa «0»." in told
    assert "ed è stato cancellato" in told
    job = bari_client.get(reverse("jobs:job", args=[Job.objects.get().public_id])).content.decode()
    assert ("notice-danger" in job, "notice-success" in job, "Vedi che cosa fare" in job) == (True, False, True)
    assert bari_client.post(PAGE).context["form"].errors["file"] == ["Scegli il file da caricare."]


def test_while_a_job_is_on_it_the_page_shows_the_job(clerk: Account, bari_client: HostClient) -> None:
    bari_client.post(PAGE, {"file": SimpleUploadedFile("tributi.txt", b"x")})
    load = TaxFileLoad.objects.get()
    assert load.job is not None
    answer = bari_client.get(reverse("means:tax_file", args=[load.public_id]))
    assert answer["Location"] == reverse("jobs:job", args=[load.job.public_id])


def test_a_file_is_discarded(mother: Adult, bari_client: HostClient) -> None:
    page = hand_in(bari_client, extract([detail(1, str(mother.fiscal_code))]))
    bari_client.post(f"{page}scarta/")
    assert TaxFileLoad.objects.get().state == "discarded"
    assert "Scartato" in bari_client.get(page).content.decode()
    assert "non è più conservato" in bari_client.post(f"{page}carica/", follow=True).content.decode()


def test_the_clerk_asks_and_a_task_goes(mother: Adult, minor: Child, bari_client: HostClient, clerk: Account) -> None:
    with patch.object(tasks.ask, "delay") as sent, TestCase.captureOnCommitCallbacks(execute=True):
        bari_client.post(f"{PAGE}chiedi/{mother.public_id}/{minor.public_id}/")
    sent.assert_called_once_with(adult=str(mother.public_id), actor=clerk.pk)


def test_the_task_keeps_what_the_simulator_says(mother: Adult) -> None:
    tasks.ask(adult=str(mother.public_id), actor=None)
    assert TaxPosition.objects.get().source == "simulator"


def test_views_of_the_rows(mother: Adult, bari_client: HostClient) -> None:
    rows = [detail(1, str(mother.fiscal_code)), detail(2, "X"), detail(3, str(mother.fiscal_code), tax="ICI")]
    page = hand_in(bari_client, extract(rows))
    shown = {
        view: [one["row"].line for one in bari_client.get(f"{page}?vista={view}").context["rows"]]
        for view in ("", "rivedere", "illeggibili", "nostre")
    }
    assert shown == {"": [2, 3, 4], "rivedere": [3, 4], "illeggibili": [], "nostre": [2, 4]}


def test_the_page_costs_the_same_whatever_the_rows(clerk: Account, bari_client: HostClient) -> None:
    spent = []
    for count in (1, 1, 3):
        rows = [detail(number, str(adult().fiscal_code)) for number in range(1, count + 1)]
        page = hand_in(bari_client, extract(rows))
        with CaptureQueriesContext(connection) as queries:
            bari_client.get(page)
        spent.append(len(queries))
    assert spent[1] == spent[2]


def test_every_defect_has_its_sentence() -> None:
    from integrations.tributi import rows

    assert set(DEFECTS) >= rows.FIXES | rows.REVIEWS | rows.REJECTS


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.SUPPORT, None])
def test_nobody_else_sees_them(mother: Adult, minor: Child, bari_client: HostClient, role: Role | None) -> None:
    page = hand_in(bari_client, extract([detail(1, str(mother.fiscal_code))]))
    bari_client.force_login(account(*([role] if role else [])))
    asked = [bari_client.get(one).status_code for one in (PAGE, page)]
    posts = [f"{page}carica/", f"{page}scarta/", f"{PAGE}chiedi/{mother.public_id}/{minor.public_id}/"]
    assert asked + [bari_client.post(one).status_code for one in posts] == [403] * 5
