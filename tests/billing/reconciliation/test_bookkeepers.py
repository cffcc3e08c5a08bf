"""The accountant closes the books: she sees the money, and neither families' applications nor what a child eats."""

import pytest
from django.urls import reverse

from sportello.accounts.models import Role
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.charging import service_of
from tests.factories.paying import institution

pytestmark = pytest.mark.django_db
HERS = (
    "reconciliation:days",
    "reconciliation:flows",
    "reconciliation:journal",
    "accounting:collections",
    "accounting:chapters",
    "accounting:treasury",
    "publishing:refusals",
)
NOT_HERS = (
    "office:home",
    "office:children",
    "office:adults",
    "enrolment:queue",
    "canteen:office",
    "canteen:close",
    "issuing:issues",
    "ladder:runs",
    "receipts:asides",
    "staff:list",
    "services_catalog:office",
)


@pytest.fixture
def accountant(bari: Municipality, bari_client: HostClient) -> HostClient:
    institution(bari)
    service_of("mensa", "meals")
    bari_client.force_login(account(Role.ACCOUNTANT))
    return bari_client


@pytest.mark.parametrize("name", HERS)
def test_the_books_are_hers(accountant: HostClient, name: str) -> None:
    assert accountant.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", NOT_HERS)
def test_families_are_not(accountant: HostClient, name: str) -> None:
    assert accountant.get(reverse(name)).status_code == 403


def test_she_is_shown_the_way_to_her_pages_alone(accountant: HostClient) -> None:
    page = accountant.get(reverse("reconciliation:days")).content.decode()
    assert reverse("accounting:collections") in page
    assert not any(f'href="{reverse(name)}"' in page for name in NOT_HERS)


def test_an_administrator_gives_the_role(bari: Municipality, bari_client: HostClient) -> None:
    bari_client.force_login(account(Role.ADMINISTRATOR))
    assert 'value="accountant"' in bari_client.get("/ufficio/personale/nuovo/").content.decode()
