"""What Celery beat starts, and when. Sorted by name; each entry fans out to every Comune that is live."""

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "jobs-resume": {
        "task": "tenants.fan_out",
        "schedule": 60.0,
        "kwargs": {"task_name": "jobs.resume_stalled"},
    },
    "notifications-send": {
        "task": "tenants.fan_out",
        "schedule": 60.0,
        "kwargs": {"task_name": "notifications.send_pending"},
    },
}
