"""What anybody may post has a limit for each address, and says when to come back."""

from collections.abc import Iterator
from typing import Any

import pytest

from sportello.applications.models import ServiceRating
from sportello.applications.views.rating import RATINGS
from tenants.models import Municipality
from tests.factories.editions import edition


@pytest.fixture
def _untouched_bucket(bari: Municipality) -> Iterator[None]:
    """Valkey is not rolled back: the tokens are given back by hand."""
    RATINGS.refill("127.0.0.1")
    yield
    RATINGS.refill("127.0.0.1")


@pytest.mark.usefixtures("_untouched_bucket")
def test_ratings_beyond_the_limit_are_not_kept(bari: Municipality, bari_client: Any) -> None:
    edition()
    answers = [
        bari_client.post("/servizi/mensa/valutazione/", {"rating": "5", "comment": ""}).status_code
        for _ in range(RATINGS.size + 1)
    ]
    assert answers == [302] * RATINGS.size + [429]
    assert ServiceRating.objects.count() == RATINGS.size


@pytest.mark.usefixtures("bari")
def test_the_api_has_a_limit_too(bari_client: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rest_framework.throttling.AnonRateThrottle.THROTTLE_RATES", {"anon": "2/min"})
    answers = [bari_client.get("/api/v1/services").status_code for _ in range(3)]
    assert answers == [200, 200, 429]
