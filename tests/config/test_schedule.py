"""What beat starts: sorted, real tasks, each with a fan-out to every Comune or for the hub that serves them all."""

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
        assert {entry["task"], entry.get("kwargs", {}).get("task_name", entry["task"])} <= set(celery_app.tasks)
    alone = {entry["task"] for entry in BEAT_SCHEDULE.values()} - {"tenants.fan_out"}
    assert alone == {"pagopa.check_drift", "spid_cie.forget_exchanges", "spid_cie.sync_registries"}
    assert all(celery_app.tasks[name].in_public for name in alone)


@pytest.mark.usefixtures("bari")
def test_expired_sessions_are_forgotten() -> None:
    for days in (-1, 1):
        store = SessionStore()
        store.create()
        Session.objects.filter(pk=store.session_key).update(expire_date=clock.instant() + timedelta(days=days))
    forget_sessions()
    assert Session.objects.count() == 1


@pytest.mark.usefixtures("bari")
def test_a_sound_ledger_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        verify_ledger()
    assert caplog.records == []
