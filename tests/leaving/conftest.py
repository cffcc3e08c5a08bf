"""A Comune with something in every room, committed: what leaves is read by a connection of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:  # imported before the models are loaded
    from tests.leaving.living import Living


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> Path:
    """Files go to a folder of the test."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def _hosts_read_afresh() -> Iterator[None]:
    """What one test changed, the next does not remember."""
    from tenants.hosts import host_table

    host_table.forget()
    yield
    host_table.forget()


@pytest.fixture
def living(transactional_db: None) -> "Living":
    """Bari at work, in a database of the test."""
    from tests.leaving.living import settle

    return settle()
