"""The first page of each host is good in every size, and each host shows its own Comune."""

import pytest

from sportello.accounts.models import Role
from tests.journeys.browser import Visitor
from tests.journeys.site import CENTRAL


@pytest.mark.parametrize("slug", ["bari", "bitonto", "terlizzi"])
def test_the_home_of_a_comune(anybody: Visitor, slug: str) -> None:
    page = anybody.open(slug)
    assert slug.capitalize() in page.title()
    anybody.assert_page_is_good()


def test_the_home_without_scripts(phone_no_js: Visitor) -> None:
    page = phone_no_js.open("bari")
    assert page.locator("h1").count() == 1
    phone_no_js.assert_page_is_good()


def test_the_office_of_a_clerk(anybody: Visitor) -> None:
    anybody.enter_as(anybody.site.account("bari", Role.CLERK), "bari")
    page = anybody.open("bari", "/ufficio")
    assert "Clerk" in page.content()
    anybody.assert_page_is_good()


def test_the_central_team(anybody: Visitor) -> None:
    anybody.enter_as(anybody.site.account(CENTRAL, Role.CENTRAL), CENTRAL)
    page = anybody.open(CENTRAL)
    assert "Terlizzi" in page.content()
    anybody.assert_page_is_good()


def test_a_session_of_bari_is_not_known_in_bitonto(desktop: Visitor) -> None:
    desktop.enter_as(desktop.site.account("bari", Role.CLERK), "bari")
    desktop.open("bari")
    page = desktop.open("bitonto", "/ufficio")
    assert "Clerk" not in page.content()
