"""The editor as an administrator uses it: paste, move, check while typing, give a file back; nothing typed is lost."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from services_catalog.models import Edition
from services_catalog.packs import export_edition
from services_catalog.publication import copy_as_draft
from sportello.accounts.models import Role
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.editions import NOW, YEAR, draft, edition, edition_content
from tests.services_catalog.grids.posted_page import posted_from

PASTED = "ISEE da\tISEE a\tTariffa\n0\t5.000\t€ 1,00\n5.000,01\t7.500\t€ 2,00\n7.500,01\toltre\t€ 3,00\n"


@pytest.fixture
def browser(bari: Municipality, bari_client: HostClient) -> HostClient:
    bari_client.force_login(account(Role.ADMINISTRATOR))
    return bari_client


def page(held: Edition, name: str = "") -> str:
    return f"/ufficio/tariffe/{held.pk}/modifica/{name}"


def fields(response: Any) -> dict[str, Any]:  # Any: the test client adds the context
    posted = posted_from(response.content.decode())
    return {name: posted.getlist(name) for name in posted if name != "file"}


def amounts(response: Any) -> list[str]:  # Any: the test client adds the context
    posted = posted_from(response.content.decode())
    return [posted[f"bands-{index}-amount"] for index in range(int(posted["bands-TOTAL_FORMS"]))]


def test_pasted_rows_fill_the_grid_for_review_and_are_saved_by_the_person(browser: HostClient) -> None:
    drafted = draft()
    typed = {**fields(browser.get(page(drafted))), "bands-pasted": PASTED}
    reviewed = browser.post(page(drafted), {**typed, "paste": "bands"})
    assert reviewed.status_code == 200
    assert amounts(reviewed) == ["1,00", "2,00", "3,00"]
    shown = reviewed.content.decode()
    assert "3 righe lette" in shown
    assert "non sono ancora salvate" in shown
    drafted.refresh_from_db()
    assert drafted.rules == edition_content()
    assert browser.post(page(drafted), {**fields(reviewed), "save": "1"}).status_code == 302
    drafted.refresh_from_db()
    bands = [{"isee_from": "0.00", "isee_to": "5000.00", "amount": "1.00"}]
    bands += [{"isee_from": "5000.01", "isee_to": "7500.00", "amount": "2.00"}]
    bands += [{"isee_from": "7500.01", "amount": "3.00"}]
    assert drafted.rules == edition_content(fees={"base": {"kind": "flat_bands", "bands": bands}})


def test_rows_are_pasted_after_those_there(browser: HostClient) -> None:
    drafted = draft()
    typed = {**fields(browser.get(page(drafted))), "bands-pasted": "20.000;;4,00"}
    assert amounts(browser.post(page(drafted), {**typed, "paste_after": "bands"})) == ["0,00", "1,90", "3,00", "4,00"]


def test_text_left_in_the_box_is_read_and_not_lost_when_the_page_is_saved(browser: HostClient) -> None:
    drafted = draft()
    typed = {**fields(browser.get(page(drafted))), "bands-pasted": PASTED}
    assert amounts(browser.post(page(drafted), {**typed, "save": "1"})) == ["1,00", "2,00", "3,00"]
    drafted.refresh_from_db()
    assert drafted.rules == edition_content()


def test_what_cannot_be_read_stays_in_its_box_with_the_row_and_the_grid_stays(browser: HostClient) -> None:
    drafted = draft()
    typed = {**fields(browser.get(page(drafted))), "bands-1-amount": "2,2", "bands-pasted": PASTED.replace("2,00", "x")}
    refused = browser.post(page(drafted), {**typed, "paste": "bands"})
    assert refused.status_code == 422
    assert "Riga 3: «€ x» non è un importo" in refused.content.decode()
    posted = fields(refused)
    assert posted["bands-pasted"][0].replace("\r\n", "\n") == PASTED.replace("2,00", "x")
    assert posted["bands-1-amount"] == ["2,2"]
    drafted.refresh_from_db()
    assert drafted.rules == edition_content()


def test_a_window_pasted_over_another_keeps_its_code(browser: HostClient) -> None:
    drafted = draft()
    typed = {**fields(browser.get(page(drafted))), "windows-pasted": "Prima\t1/6/2026\t30/6/2026\tno"}
    reviewed = browser.post(page(drafted), {**typed, "paste": "windows"})
    assert browser.post(page(drafted), {**fields(reviewed), "save": "1"}).status_code == 302
    drafted.refresh_from_db()
    assert [(one.code, one.label.it, one.closes) for one in drafted.rules.windows] == [
        ("first", "Prima", date(2026, 6, 30))
    ]


@pytest.mark.parametrize(
    ("button", "row", "order"),
    [("up", 2, ["0,00", "3,00", "1,90"]), ("down", 0, ["1,90", "0,00", "3,00"]), ("up", 0, ["0,00", "1,90", "3,00"])],
)
def test_a_row_is_moved(browser: HostClient, button: str, row: int, order: list[str]) -> None:
    drafted = draft()
    typed = fields(browser.get(page(drafted)))
    assert amounts(browser.post(page(drafted), {**typed, button: f"bands-{row}"})) == order


def test_the_linter_and_the_changes_answer_while_one_types_and_nothing_is_saved(browser: HostClient) -> None:
    held = edition()
    drafted = copy_as_draft(edition=held, valid_from=held.period.start, actor=None, now=NOW)
    typed = {**fields(browser.get(page(drafted))), "bands-1-isee_from": "6.001", "bands-1-amount": "2,10"}
    answer = browser.post(page(drafted, "controlla/"), typed)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#bands-riga-1"' in shown
    assert shown.count("da 6.000,01 € a 6.000,99 €") == 2, "in the list and, out of band, under its row"
    assert "La fascia da 6.000,01 € a 12.500,00 € ora va da 6.001,00 € a 12.500,00 €." in shown
    assert "La fascia da 6.001,00 € a 12.500,00 € passa da 1,90 € a 2,10 €." in shown
    unreadable = browser.post(page(drafted, "controlla/"), {**typed, "bands-1-amount": "due"}).content.decode()
    assert "non si può ancora leggere" in unreadable
    drafted.refresh_from_db()
    assert drafted.rules == held.rules


def test_each_finding_leads_to_a_place_of_the_page(browser: HostClient) -> None:
    fees = {"reductions": [{"kind": "sibling_discounts", "rows": [{"rank_from": 3, "discount_percent": 25}]}]}
    drafted = draft(content=edition_content(fees=fees, assumptions=["importi vecchi"]))
    found = browser.get(page(drafted))
    anchors = [one.anchor for one in found.context["findings"]]
    assert anchors == ["tabella-reductions_0_rows", ""]
    assert 'id="tabella-reductions_0_rows"' in found.content.decode()


def test_a_draft_changed_meanwhile_is_not_overwritten(browser: HostClient) -> None:
    drafted = draft()
    typed = fields(browser.get(page(drafted)))
    browser.post(page(drafted), {**typed, "bands-2-amount": "5,00", "save": "1"})
    late = browser.post(page(drafted), {**typed, "bands-2-amount": "6,00", "save": "1"})
    assert late.status_code == 422
    assert amounts(late) == ["0,00", "1,90", "6,00"]
    drafted.refresh_from_db()
    assert drafted.rules.fees.base.bands[2].amount.cents == 500  # type: ignore[union-attr]  # three flat bands


def upload(browser: HostClient, held: Edition, text: str) -> Any:  # Any: the test client adds the context
    file = SimpleUploadedFile("mensa.toml", text.encode(), "application/toml")
    return browser.post(page(held, "carica/"), {"file": file})


def test_what_the_page_does_not_change_comes_back_from_a_file(browser: HostClient) -> None:
    drafted = draft()
    text = export_edition(draft(content=edition_content(fees={"minimum": "0.50"})))
    assert upload(browser, drafted, text).status_code == 302
    drafted.refresh_from_db()
    assert drafted.rules == edition_content(fees={"minimum": "0.50"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("amount =", "amuont =", "content.fees.base.bands[0]: la chiave «amuont» non esiste. Forse «amount»?"),
        ('code = "mensa"', 'code = "bus"', "Il file è di «bus» 2026/27, la bozza è di «mensa» 2026/27."),
        ("[service]", "[service", "Il testo non è TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(browser: HostClient, old: str, new: str, said: str) -> None:
    drafted = draft()
    refused = upload(browser, drafted, export_edition(drafted).replace(old, new, 1))
    assert refused.status_code == 422
    assert said in refused.content.decode()
    drafted.refresh_from_db()
    assert drafted.rules == edition_content()


def test_only_administrators_check_and_upload_and_only_drafts(bari: Municipality, bari_client: HostClient) -> None:
    drafted, held = draft(), edition()
    bari_client.force_login(account(Role.CLERK))
    for name in ("", "controlla/", "carica/"):
        assert bari_client.post(page(drafted, name)).status_code == 403
    bari_client.force_login(account(Role.ADMINISTRATOR))
    assert bari_client.post(page(held, "carica/")).status_code == 302
    assert "Niente" not in bari_client.post(page(held, "controlla/")).content.decode()
    assert held.year == YEAR
