"""The stage of a Comune changes here, and what the process knows of hosts with it."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _hosts_known_anew() -> Iterator[None]:
    from tenants.hosts import host_table

    host_table.forget()
    yield
    host_table.forget()
