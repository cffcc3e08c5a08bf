"""A station that answers on this machine, and who calls the Node's host: a browser and a machine.

Imports stand inside: models come after the servers of the tests.
"""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def station() -> Any:
    """Called through its wire."""
    from tests.pagopa_node.fake_station import FakeStation

    return FakeStation()


@pytest.fixture
def station_of_the_pages(station: Any, settings: Any, db: None) -> Iterator[Any]:
    """The same, where the pages look for it."""
    from tests.pagopa_node.fake_station import served

    with served(station) as address:
        settings.PUBLIC_PORT = address.rsplit(":", 1)[1].split("/")[0]
        yield station


@pytest.fixture
def node(db: None) -> Any:
    """A browser on the Node's host; one creditor is known there."""
    from django.conf import settings

    from integrations.pagopa.simulator.institutions import register
    from tenants.current import PUBLIC
    from tests.comuni import HostClient
    from tests.pagopa_node.fake_station import BARI

    register(fiscal_code=BARI, company_name="Comune di Bari", segregation_code="03")
    return HostClient(settings.NODE_HOST, PUBLIC)


@pytest.fixture
def machine(db: None) -> Any:
    """A machine that calls the platform, with its key."""
    from django.conf import settings

    from tenants.current import PUBLIC
    from tests.pagopa_node.machine import Machine

    return Machine(settings.NODE_HOST, PUBLIC)
