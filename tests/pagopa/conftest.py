from collections.abc import Iterator

import pytest

from integrations.pagopa.rest import Service
from tests.pagopa.standing_in import StandIn, standing_in


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with standing_in() as desk:
        yield desk


@pytest.fixture
def service(stand_in: StandIn) -> Service:
    return Service(stand_in.url, lambda: "the-key", seconds=2, trusted=True)
