"""The fee table editor: an administrator corrects a fee by a draft, without JavaScript; a clerk only reads."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services_catalog.approval import propose_edition
from services_catalog.models import Edition, EditionStatus
from services_catalog.publication import copy_as_draft
from services_catalog.queries import edition_on
from services_catalog.reading import from_toml
from services_catalog.schema import PackService
from sportello.accounts.models import Account, Role
from tenants.current import in_schema
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.editions import NOW, draft, edition, edition_content
from tests.services_catalog.grids.posted_page import posted_from

LIST = "/ufficio/tariffe/"
NEW_YEAR = date(2027, 1, 1)
SIBLINGS = [{"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 25}]}]
COSTS = {
    "kind": "cost_share",
    "unit_costs": [{"level": "infanzia", "unit_cost": "4.67"}, {"level": "primaria", "unit_cost": "4.98"}],
    "bands": [{"isee_to": "500.00", "share_percent": 10}, {"isee_from": "500.01", "share_percent": 100}],
}


@pytest.fixture
def administrator(bari: Municipality) -> Account:
    return account(Role.ADMINISTRATOR)


@pytest.fixture
def browser(bari_client: HostClient, administrator: Account) -> HostClient:
    bari_client.force_login(administrator)
    return bari_client


def page(held: Edition, name: str = "") -> str:
    return f"{LIST}{held.pk}/{name}"


def fields(response: Any) -> dict[str, Any]:  # Any: the test client adds the context
    """What a browser would post back from the editor as it stands."""
    posted = posted_from(response.content.decode())
    return {name: posted.getlist(name) for name in posted if not name.startswith("file")}


def test_only_the_office_reads_and_only_administrators_change(bari: Municipality, bari_client: HostClient) -> None:
    drafted = draft()
    assert bari_client.get(LIST).status_code == 302
    bari_client.force_login(account())
    assert bari_client.get(LIST).status_code == 403
    bari_client.force_login(account(Role.CLERK))
    assert bari_client.get(LIST).status_code == 200
    assert bari_client.get(page(drafted)).status_code == 200
    for name in ("modifica/", "proponi/", "vigore/"):
        assert bari_client.get(page(drafted, name)).status_code == 403
    for name in ("revisione/", "elimina/", "ritira/", "rimanda/"):
        assert bari_client.post(page(drafted, name)).status_code == 403


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    browser: HostClient, size: int, django_assert_max_num_queries: Any
) -> None:
    held = edition()
    for _number in range(size - 1):
        copy_as_draft(edition=held, valid_from=NEW_YEAR, actor=None, now=NOW)
    with django_assert_max_num_queries(12):
        response = browser.get(LIST)
    assert response.content.decode().count("2026/27, revisione") == size


def test_a_fee_is_corrected_by_a_draft_from_a_date_and_an_act(browser: HostClient) -> None:
    first = edition(content=edition_content(fees={"reductions": SIBLINGS}))
    asked = {"valid_from_day": "1", "valid_from_month": "1", "valid_from_year": "2027"}
    editor = browser.post(page(first, "revisione/"), asked, follow=True)
    drafted = Edition.objects.get(status=EditionStatus.DRAFT)
    assert editor.redirect_chain[-1][0] == page(drafted, "modifica/")
    saved = browser.post(page(drafted, "modifica/"), {**fields(editor), "bands-2-amount": "3,50", "save": "1"})
    assert saved.status_code == 302
    drafted.refresh_from_db()
    before = browser.get(page(drafted, "proponi/")).content.decode()
    assert "3,00 €" in before
    assert "3,50 €" in before
    assert "Proposta inviata" in browser.post(page(drafted, "proponi/"), asked, follow=True).content.decode()
    browser.force_login(account(Role.ADMINISTRATOR))
    act = {
        "act_number": "77/2026",
        "act_date_day": "20",
        "act_date_month": "11",
        "act_date_year": "2026",
        "approved_by": "Giunta",
    }
    put = browser.post(page(drafted, "vigore/"), act, follow=True)
    assert "La tariffa è in vigore" in put.content.decode()
    assert edition_on("mensa", date(2026, 12, 31)) == first
    assert edition_on("mensa", NEW_YEAR) == drafted


def test_nothing_is_lost_when_nothing_is_changed(browser: HostClient) -> None:
    window = {"code": "w", "label": {"it": "Prima", "en": "First"}, "opens": "2026-06-01", "closes": "2026-06-30"}
    for base in ({}, {"base": COSTS}, {"unit": {"kind": "block", "meals": 21}, "minimum": "0.50"}):
        content = edition_content(fees={**base, "reductions": SIBLINGS}, windows=[{**window, "late": True}])
        drafted = draft(content=content)
        editor = browser.get(page(drafted, "modifica/"))
        assert browser.post(page(drafted, "modifica/"), {**fields(editor), "save": "1"}).status_code == 302
        drafted.refresh_from_db()
        assert drafted.rules == content


def test_a_row_is_added_and_taken_away_without_losing_what_was_typed(browser: HostClient) -> None:
    drafted = draft()
    editor = browser.get(page(drafted, "modifica/"))
    typed = {**fields(editor), "bands-1-amount": "2,2", "bands-2-isee_from": "non so"}
    more = browser.post(page(drafted, "modifica/"), {**typed, "add": "bands"})
    posted = fields(more)
    assert (more.status_code, posted["bands-TOTAL_FORMS"], posted["bands-1-amount"]) == (200, ["4"], ["2,2"])
    less = browser.post(page(drafted, "modifica/"), {**posted, "remove": "bands-0"})
    posted = fields(less)
    assert (posted["bands-TOTAL_FORMS"], posted["bands-0-amount"]) == (["3"], ["2,2"])
    assert posted["bands-1-isee_from"] == ["non so"]
    drafted.refresh_from_db()
    assert drafted.rules == edition_content()


def test_a_hole_is_saved_in_the_draft_shown_beside_its_row_and_not_put_in_force(browser: HostClient) -> None:
    drafted = draft()
    editor = browser.get(page(drafted, "modifica/"))
    saved = browser.post(page(drafted, "modifica/"), {**fields(editor), "bands-1-isee_from": "6.001"}, follow=True)
    rows = saved.context["forms"].sets[0].rows
    assert [[finding.code for finding in row.findings] for row in rows] == [[], ["gap"], []]
    assert "da 6.000,01 € a 6.000,99 €" in saved.content.decode()
    stopped = browser.get(page(drafted, "proponi/")).content.decode()
    assert "Prima bisogna sistemare" in stopped
    assert "Per chi la approva" not in stopped


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"bands-1-amount": "tanto"}, "non è un importo"),
        ({"bands-1-amount": ""}, "obbligatorio"),
        ({"bands-1-isee_to": "1"}, "isee_to"),
        ({"head-minimum": "5", "head-maximum": "4"}, "maximum"),
        ({"windows-0-closes": "2026-01-01"}, "closes"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(browser: HostClient, wrong: dict[str, str], words: str) -> None:
    drafted = draft()
    editor = browser.get(page(drafted, "modifica/"))
    refused = browser.post(page(drafted, "modifica/"), {**fields(editor), **wrong})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert "Niente è stato salvato" in refused.content.decode()


def test_an_act_is_asked_for_and_assumptions_must_be_read(browser: HostClient) -> None:
    drafted = draft(content=edition_content(assumptions=["importi vecchi"]))
    refused = browser.post(page(drafted, "proponi/"), {})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"valid_from", "seen"})
    propose_edition(edition=drafted, actor=account(), now=NOW)
    refused = browser.post(page(drafted, "vigore/"), {})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"act_number", "act_date", "approved_by", "seen"}


def test_an_edition_in_force_is_not_edited(browser: HostClient) -> None:
    held = edition()
    for name in ("modifica/", "proponi/", "vigore/"):
        assert browser.get(page(held, name)).headers["Location"] == page(held)
    refused = browser.post(page(held, "elimina/"), follow=True)
    assert "non è più una bozza" in refused.content.decode()
    assert browser.post(page(held, "revisione/"), {}).status_code == 422


def test_a_draft_is_thrown_away(browser: HostClient) -> None:
    drafted = draft()
    assert browser.post(page(drafted, "elimina/"), follow=True).status_code == 200
    assert not Edition.objects.exists()


def test_the_edition_is_downloaded_as_a_pack_file(browser: HostClient) -> None:
    held = edition()
    response = browser.get(page(held, "toml/"))
    assert from_toml(response.content.decode(), PackService).content == held.rules
    assert 'filename="mensa-2026-27-1.toml"' in response.headers["Content-Disposition"]


def test_another_comune_sees_nothing(client_of: Callable[..., HostClient], bari: Municipality) -> None:
    held = edition()
    other = client_of("bitonto")
    with in_schema(other.schema):
        other.force_login(account(Role.ADMINISTRATOR))
    assert other.get(page(held)).status_code == 404
