"""A member of the central team at work. Imports wait for Django, which the ground sets up after this file is read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.comuni import HostClient


@pytest.fixture
def team(central_client: "HostClient") -> "HostClient":
    """The browser of a member of the central team."""
    from sportello.accounts.models import Role
    from tenants.current import in_schema
    from tests.factories import account

    with in_schema(central_client.schema):
        member = account(Role.CENTRAL)
    central_client.force_login(member)
    return central_client


@pytest.fixture(autouse=True)
def _hosts_read_afresh() -> Iterator[None]:
    """What one test changed, the next does not remember."""
    from tenants.hosts import host_table

    host_table.forget()
    yield
    host_table.forget()


@pytest.fixture(autouse=True)
def _italian_again() -> Iterator[None]:
    """A page read in English leaves the thread in English, as in production; the next test must not hear it."""
    from django.utils.translation import override

    with override("it"):
        yield
