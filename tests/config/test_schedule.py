"""What beat starts: sorted, real tasks, each with a fan-out to every Comune."""

import logging
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from sportello.accounts.tasks import forget_sessions
from sportello.billing.tasks import verify_ledger
from sportello.config import celery_app
from sportello.config.schedule import BEAT_SCHEDULE
from sportello.kernel import clock


def test_entries_are_sorted_and_name_tasks_that_exist() -> None:
    celery_app.loader.import_default_modules()
    assert list(BEAT_SCHEDULE) == sorted(BEAT_SCHEDULE)
    for entry in BEAT_SCHEDULE.values():
        assert entry["task"] == "tenants.fan_out"
        assert entry["kwargs"]["task_name"] in celery_app.tasks


@pytest.mark.usefixtures("bari")
def test_expired_sessions_are_forgotten() -> None:
    for days in (-1, 1):
        store = SessionStore()
        store.create()
        Session.objects.filter(pk=store.session_key).update(expire_date=clock.now() + timedelta(days=days))
    forget_sessions()
    assert Session.objects.count() == 1


@pytest.mark.usefixtures("bari")
def test_a_sound_ledger_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        verify_ledger()
    assert caplog.records == []
