"""What Celery beat starts, and when. Sorted by name; `tenants.fan_out` sends a task to every Comune that is live."""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "accounting-match-treasury": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="6", minute="40"),
        "kwargs": {"task_name": "accounting.match_treasury"},
    },
    "accounts-forget-sessions": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="3", minute="10"),
        "kwargs": {"task_name": "accounts.forget_sessions", "with_twins": True},
    },
    "billing-tell-low-credit": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="7", minute="45"),
        "kwargs": {"task_name": "billing.tell_low_credit"},
    },
    "billing-verify-ledger": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="4", minute="10"),
        "kwargs": {"task_name": "billing.verify_ledger"},
    },
    "board-gather": {
        "task": "tenants.fan_out",
        "schedule": crontab(minute="*/15"),
        "kwargs": {"task_name": "board.gather"},
    },
    "debts-follow-calendar": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="0", minute="5"),
        "kwargs": {"task_name": "debts.follow_calendar"},
    },
    "enrolment-remind-isee": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="7", minute="30"),
        "kwargs": {"task_name": "enrolment.remind_isee"},
    },
    "enrolment-review-arrears": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="4", minute="40"),
        "kwargs": {"task_name": "enrolment.review_arrears"},
    },
    "jobs-resume": {
        "task": "tenants.fan_out",
        "schedule": 60.0,
        "kwargs": {"task_name": "jobs.resume_stalled", "with_twins": True},
    },
    "leaving-forget-exports": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="3", minute="55"),
        "kwargs": {"task_name": "leaving.forget_exports"},
    },
    "means-ask-inps": {
        "task": "tenants.fan_out",
        "schedule": 60.0,
        "kwargs": {"task_name": "means.ask_inps"},
    },
    "means-forget-taxes": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="3", minute="25"),
        "kwargs": {"task_name": "means.forget_taxes"},
    },
    "notifications-send": {
        "task": "tenants.fan_out",
        "schedule": 60.0,
        "kwargs": {"task_name": "notifications.send_pending"},
    },
    "pagopa-check-drift": {
        "task": "pagopa.check_drift",
        "schedule": crontab(hour="5", minute="40"),
    },
    "publishing-follow": {
        "task": "tenants.fan_out",
        "schedule": crontab(minute="4-59/10"),
        "kwargs": {"task_name": "publishing.follow"},
    },
    "publishing-poll-all": {
        "task": "tenants.fan_out",
        "schedule": crontab(minute="25"),
        "kwargs": {"task_name": "publishing.poll_all"},
    },
    "publishing-poll-recent": {
        "task": "tenants.fan_out",
        "schedule": crontab(minute="*/5"),
        "kwargs": {"task_name": "publishing.poll_recent"},
    },
    "publishing-tell": {
        "task": "tenants.fan_out",
        "schedule": 60.0,
        "kwargs": {"task_name": "publishing.tell"},
    },
    "receipts-prove-books": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="2", minute="40"),
        "kwargs": {"task_name": "receipts.prove_books"},
    },
    "receipts-settle-waiting": {
        "task": "tenants.fan_out",
        "schedule": 60.0,
        "kwargs": {"task_name": "receipts.settle_waiting"},
    },
    "reconciliation-run": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour="6", minute="10"),
        "kwargs": {"task_name": "reconciliation.run"},
    },
    "spid-cie-forget-exchanges": {
        "task": "spid_cie.forget_exchanges",
        "schedule": crontab(hour="3", minute="40"),
    },
    "spid-cie-sync-registries": {
        "task": "spid_cie.sync_registries",
        "schedule": crontab(hour="5", minute="20"),
    },
}
SIMULATED_NODE_SCHEDULE: dict[str, dict[str, Any]] = {
    "nodo-make-flows": {
        "task": "nodo.make_flows",
        "schedule": crontab(hour="5", minute="30"),
    },
    "nodo-send-due": {
        "task": "nodo.send_due",
        "schedule": 15.0,
    },
}
"""Where the Node of pagoPA is played: its receipts and the flows of the day before."""
