"""A Comune on the eve of its start."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # this file is read before the models are loaded
    from tenants.models import Municipality


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path) -> Iterator[None]:
    from django.test import override_settings

    from tenants.hosts import host_table

    host_table.forget()
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield
    host_table.forget()


@pytest.fixture
def eve(bari: "Municipality") -> "Municipality":
    """Bari in the stage of the start, with the schools and the rules of its pack."""
    from tenants.models import Municipality
    from tests.onboarding.rosters import prepare

    prepare(bari)
    Municipality.objects.filter(pk=bari.pk).update(stage="go_live")
    bari.refresh_from_db()
    return bari
