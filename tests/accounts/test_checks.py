"""What a deployment may not be: a demo for everybody, a calendar that is not today's."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import checks

from sportello.kernel import clock


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DEBUG = settings.DEMO = settings.TESTING = False
    settings.BEHIND_TLS = True
    monkeypatch.setattr(clock, "SHIFT", timedelta())
    return settings


def errors() -> set[str | None]:
    found = checks.run_checks(tags=[checks.Tags.security])
    return {message.id for message in found if (message.id or "").startswith("accounts.")}


def test_the_identity_page_is_refused_in_production(production: Any) -> None:
    assert errors() == {"accounts.E001"}, "the tests install the simulator"


def test_a_shifted_calendar_is_refused_in_production(production: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "SHIFT", timedelta(days=1))
    assert "accounts.E002" in errors()


def test_a_demo_behind_tls_is_refused(production: Any) -> None:
    production.DEMO = True
    assert "accounts.E003" in errors()


def test_a_demo_on_one_machine_is_no_fault(production: Any) -> None:
    production.DEMO, production.BEHIND_TLS = True, False
    assert errors() == set()
