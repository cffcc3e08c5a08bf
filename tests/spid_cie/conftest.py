"""Logins that have begun."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def login(begun: Callable[..., Any]) -> Any:
    """A login at Bari's desk that waits for its answer."""
    return begun()


@pytest.fixture
def begun(client_of: Callable[..., Any]) -> Callable[..., Any]:
    """Another login, each in a browser of its own: `begun("bitonto")`."""
    from tests.spid_cie.open_login import OpenLogin  # later than the plugins of the tests

    return lambda slug="bari", **how: OpenLogin.begin(client_of(slug), **how)
