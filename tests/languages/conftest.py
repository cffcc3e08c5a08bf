"""A page read in English leaves the thread in English, as in production; the next test must not hear it."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _italian_again() -> Iterator[None]:
    from django.utils.translation import override

    with override("it"):
        yield
