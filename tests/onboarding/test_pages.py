"""The pages of a clerk who brings a roster in."""

import hashlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onboarding.mapping.structs import Mapping
from onboarding.models import LoadState, RosterLoad
from onboarding.runners import run_check, run_commit
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.families.models import Child
from sportello.jobs.models import Job
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories.people import account
from tests.factories.progress import Silent
from tests.onboarding.rosters import checked, mapping_for, roster
from tests.onboarding.test_committing import emma, luca


@pytest.fixture
def clerk(ready: Municipality, bari_client: HostClient) -> Account:
    made = account(Role.CLERK)
    bari_client.force_login(made)
    return made


def upload(client: HostClient, content: bytes, name: str = "elenco.csv") -> object:
    file = SimpleUploadedFile(name, content)
    return client.post("/ufficio/caricamenti/", {"file": file, "school_year": "2026"})


def posted(mapping: Mapping) -> dict[str, str]:
    """The grid as a browser sends it."""
    values = {"kind": mapping.kind, "source_name": "mensa"}
    for place, column in enumerate(mapping.columns):
        values |= {f"c{place}-field": column.field, f"c{place}-decimal": column.decimal}
        values |= {f"c{place}-v{n}": said for n, said in enumerate(column.values.values())}
    return values


def run(job: Job, runner: Callable[..., object]) -> None:
    runner(job, Silent())


def test_from_the_upload_to_the_children(clerk: Account, bari_client: HostClient) -> None:
    answer = upload(bari_client, roster(emma(), luca(COD_FISCALE="")))
    load = RosterLoad.objects.get()
    page = reverse("onboarding:load", args=[load.public_id])
    assert answer["Location"] == page
    assert bari_client.get(page)["Location"] == reverse("jobs:job", args=[load.job.public_id])
    run(load.job, run_check)
    columns = reverse("onboarding:mapping", args=[load.public_id])
    assert bari_client.get(page)["Location"] == columns
    grid = bari_client.get(columns).content.decode()
    assert "COD_FISCALE" in grid
    load.refresh_from_db()
    answer = bari_client.post(columns, {**posted(mapping_for(load)), "confirm": "1"})
    assert answer["Location"] == page
    load.refresh_from_db()
    assert load.mapping.is_confirmed
    run(load.job, run_check)
    shown = bari_client.get(page).content.decode()
    assert "Carica 1 riga" in shown
    assert "Manca il codice fiscale." in shown
    assert f"Suggerimento: codice fiscale del bambino = {luca().split(';')[5]}" in shown
    first = bari_client.post(reverse("onboarding:commit", args=[load.public_id]))
    second = bari_client.post(reverse("onboarding:commit", args=[load.public_id]))
    assert first["Location"] == second["Location"]
    load.refresh_from_db()
    run(load.job, run_commit)
    result = bari_client.get(page).content.decode()
    assert reverse("office:children") in result
    assert Child.objects.get().legacy_id == "000001"
    assert bari_client.post(reverse("onboarding:commit", args=[load.public_id]))["Location"] == first["Location"]
    assert set(Event.objects.values_list("action", flat=True)) >= {
        Action.ROSTER_UPLOADED,
        Action.ROSTER_COMMITTED,
        Action.PERSON_LIST_READ,
    }


def test_rows_left_out_can_be_corrected_and_uploaded_again(clerk: Account, bari_client: HostClient) -> None:
    load = checked(roster(emma(), luca(COD_FISCALE=""), emma(INDIRIZZO="VIA ROMA; SCALA B", MATRICOLA="000003")))
    answer = bari_client.get(reverse("onboarding:corrections", args=[load.public_id]))
    text = answer.content.decode("utf-8-sig")
    header, missing, shifted = text.splitlines()
    assert header.endswith(";SALDO;RIGA;ERRORI;SUGGERIMENTO")
    assert "Manca il codice fiscale." in missing
    assert "separatore dentro una cella" in shifted
    cells = missing.split(";")
    cells[5] = luca().split(";")[5]
    again = checked(("﻿" + "\r\n".join([header, ";".join(cells)])).encode())
    assert (again.state, again.encoding, again.counts["good"]) == (LoadState.CHECKED, "utf-8-sig", 1)


def test_the_file_comes_back_byte_for_byte(clerk: Account, bari_client: HostClient) -> None:
    content = roster(emma()) + b"\r\n\r\n"
    load = checked(content)
    answer = bari_client.get(reverse("onboarding:original", args=[load.public_id]))
    assert b"".join(answer.streaming_content) == content
    assert hashlib.sha256(load.path.read_bytes()).hexdigest() == load.sha256


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("elenco.pdf", b"%PDF", "Questo file non è un elenco."),
        ("elenco.csv", b"", "Il file è vuoto."),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_at_the_door(
    clerk: Account, bari_client: HostClient, name: str, content: bytes, sentence: str
) -> None:
    answer = upload(bari_client, content, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not RosterLoad.objects.exists()


def test_a_row_is_told_in_the_singular_and_the_tabs_in_the_plural(clerk: Account, bari_client: HostClient) -> None:
    load = checked(roster(emma(), emma(), "UNA;RIGA", luca(MATRICOLA="77")))
    text = bari_client.get(reverse("onboarding:load", args=[load.public_id])).content.decode()
    chips = [chip.partition("</span>")[0] for chip in text.split('<td class="chip-cell fit">')[1:]]
    for word in ("A posto", "Ripetuta", "Illeggibile", "Corretta da sola"):
        assert any(chip.endswith(word) for chip in chips), word
    for tab in ("Ripetute", "Illeggibili", "Corrette da sole"):
        assert tab in text


@pytest.mark.parametrize("name", ["original", "corrections"])
def test_a_kept_file_that_is_gone_is_said_so(clerk: Account, bari_client: HostClient, name: str) -> None:
    load = checked(roster(emma(), luca(COD_FISCALE="")))
    load.path.unlink()
    answer = bari_client.get(reverse(f"onboarding:{name}", args=[load.public_id]))
    assert answer.status_code == 410
    assert "Il file conservato non si trova più." in answer.content.decode()
    assert not Event.objects.filter(action=Action.PERSON_LIST_EXPORTED).exists()


def test_checking_a_file_that_is_gone_fails_by_name(clerk: Account, bari_client: HostClient) -> None:
    load = checked(roster(emma()))
    load.path.unlink()
    bari_client.post(reverse("onboarding:check", args=[load.public_id]))
    load.refresh_from_db()
    run(load.job, run_check)
    load.refresh_from_db()
    assert (load.state, load.failure[:27]) == (LoadState.FAILED, "Il file conservato non si t")


def test_filters_and_views_of_the_rows(clerk: Account, bari_client: HostClient) -> None:
    load = checked(roster(emma(), luca(COD_FISCALE=""), luca(MATRICOLA="77", COD_FISCALE="")))
    page = reverse("onboarding:load", args=[load.public_id])
    assert "<strong>2</strong> righe" in bari_client.get(f"{page}?vista=rivedere").content.decode()
    assert "<strong>1</strong> righe" in bari_client.get(f"{page}?errore=leading_zeros_lost").content.decode()
    assert "<strong>1</strong> righe" in bari_client.get(f"{page}?testo=EMMA").content.decode()


def test_the_page_costs_the_same_whatever_the_rows(clerk: Account, bari_client: HostClient) -> None:
    spent = []
    for rows in (1, 1, 3):
        load = checked(roster(*(luca(COD_FISCALE="", MATRICOLA=f"{n:06d}") for n in range(1, rows + 1))))
        with CaptureQueriesContext(connection) as queries:
            bari_client.get(reverse("onboarding:load", args=[load.public_id]))
        spent.append(len(queries))
    assert spent[1] == spent[2]


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.DELEGATE, None])
def test_nobody_else_sees_the_rosters(ready: Municipality, bari_client: HostClient, role: Role | None) -> None:
    load = checked(roster(emma()))
    bari_client.force_login(account(*([role] if role else [])))
    for name in ("load", "corrections", "original"):
        assert bari_client.get(reverse(f"onboarding:{name}", args=[load.public_id])).status_code == 403
    assert bari_client.post(reverse("onboarding:commit", args=[load.public_id])).status_code == 403
    assert bari_client.get(reverse("onboarding:list")).status_code == 403
