"""A Monday morning in November, a parent of Bari, the canteen open to applications."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from sportello.kernel import clock
from tenants.models import Municipality
from tests.applications.enrolling import Enrolling, enrolment_edition, family_at_school
from tests.factories.people import Family

if TYPE_CHECKING:  # pytest rewrites tests.comuni, which may not be imported before
    from tests.comuni import HostClient

NOW = "2026-11-23 09:05:00+01:00"


@pytest.fixture(autouse=True)
def _this_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "SHIFT", timedelta())
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def parent(bari: Municipality) -> Family:
    """A parent with one child who sits in a class."""
    enrolment_edition()
    return family_at_school()


@pytest.fixture
def enrolling(parent: Family, bari_client: "HostClient") -> Enrolling:
    """She has entered and is about to enrol her child."""
    bari_client.force_login(parent.account)
    return Enrolling(bari_client, parent.children[0])
