"""A Comune that can take in a roster."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # this file is read before the models are loaded
    from tenants.models import Municipality


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Iterator[Path]:
    """Uploaded files go to a folder of the test."""
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield tmp_path


@pytest.fixture
def ready(bari: "Municipality") -> "Municipality":
    """Bari with the schools of its pack and a canteen in force."""
    from tests.onboarding.rosters import prepare

    prepare(bari)
    return bari
