"""The worker is killed in the middle of an issue: what it had finished stays, and the rest is made, nothing twice."""

import signal
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from sportello.billing.debts.models import DebtPosition
from sportello.billing.issuing import runs
from sportello.billing.issuing.models import NoticeIssue
from sportello.billing.issuing.preparing import confirm_issue
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job, stalled_jobs
from sportello.kernel import clock
from sportello.notifications.models import Notice
from tenants.current import in_schema
from tenants.models import Municipality
from tests.billing.issuing.test_issuing import dies_in_the_second_piece, prepared
from tests.databases import url_of
from tests.factories import family
from tests.factories.charging import service_of
from tests.factories.paying import charge, institution
from tests.killing import HOLD, SCHEMA, held_up, hold_after_insert, is_left_alone, start_worker, wait_until

PAYERS = 5


def issue_stopped_after_two(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Two of five notices are made; the next piece will wait, its transaction open, once they are written."""
    with in_schema(SCHEMA):
        institution(Municipality.objects.get(schema_name=SCHEMA))
        service_of("mensa", "meals")
        for _ in range(PAYERS):
            charge(family().children[0], 500)
        made = prepared(services=["mensa"])
        job = confirm_issue(issue=made, actor=1, now=clock.now())
        mend = dies_in_the_second_piece(monkeypatch, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            run_job(public_id=job.public_id, now=clock.now)
        mend()
        hold_after_insert("debts_transfer")
    return job.public_id


def test_a_worker_killed_in_mid_issue_goes_on(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    job, database = issue_stopped_after_two(monkeypatch), url_of(str(connection.settings_dict["NAME"]))
    with psycopg.connect(database, autocommit=True) as watcher:
        watcher.execute("SELECT pg_advisory_lock(%s)", [HOLD])
        worker = start_worker(job, database)
        wait_until(lambda: held_up(watcher) is not None)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        watcher.execute("SELECT pg_advisory_unlock(%s)", [HOLD])
        wait_until(is_left_alone(watcher, "debts_transfer"))
    with in_schema(SCHEMA):
        assert (DebtPosition.objects.count(), Notice.objects.count()) == (2, 2)
        assert stalled_jobs(now=clock.now() + timedelta(minutes=10)) == [job]
        run_job(public_id=job, now=clock.now)
        run_job(public_id=job, now=clock.now)
        done, issue = Job.objects.get(public_id=job), NoticeIssue.objects.get()
        assert (done.state, done.done, done.total) == (JobState.DONE, PAYERS, PAYERS)
        assert (issue.counts["notices"], issue.counts["cents"]) == (PAYERS, PAYERS * 500)
        payers = list(runs.positions_of(issue).values_list("payer", flat=True))
        assert len(payers) == len(set(payers)) == PAYERS
        assert Notice.objects.count() == PAYERS
