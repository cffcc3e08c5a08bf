"""A Comune with rules of its own, and its twin, empty: filling it takes seconds, so one test does it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # this file is read before the models are loaded
    from tenants.models import Municipality
    from tests.comuni import HostClient


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path) -> Iterator[None]:
    from django.test import override_settings

    from tenants.hosts import host_table

    host_table.forget()
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield
    host_table.forget()


@pytest.fixture
def twin(bari: "Municipality") -> "Municipality":
    """The empty twin of Bari."""
    from tenants.twins import begin_twin_afresh

    return begin_twin_afresh(municipality=bari)


@pytest.fixture
def twin_client(twin: "Municipality") -> "HostClient":
    """A browser on the twin's host."""
    from tests.comuni import HostClient

    return HostClient("prova-bari.localhost", twin.schema_name)
