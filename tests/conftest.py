"""The ground of every test: a real PostgreSQL and a real Valkey, three fixed Comuni, and a strict reading of the code.

`db` (asked for by `bari`, `bitonto`, `terlizzi`, `central`) wraps the test in a transaction that is rolled back;
`transactional_db` gives it a database of its own, dropped afterwards. DATABASE_URL and VALKEY_URL, when set, name
the servers to use; their databases `sportello_*` are ours to drop.

The servers start while this file is read, before any other conftest: those import models.
"""

import os
import shutil
import tempfile
from datetime import date, datetime
from zoneinfo import ZoneInfo

import django
import pytest

from tests.servers import serve_this_process, stop_servers

THE_DAY = date(2026, 11, 23)
"""A Monday on which the canteens of the packs are open and take applications: every test lives on it."""

os.environ |= {
    "CLOCK_SHIFT_DAYS": str((THE_DAY - datetime.now(ZoneInfo("Europe/Rome")).date()).days),  # noqa: TID251  # the real day
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright keeps an event loop in the thread of a worker
    "TESTING": "1",
    "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
    "EMAIL_URL": "memorymail://",
    "MEDIA_ROOT": tempfile.mkdtemp(prefix="sportello-media-"),
    "DB_POOL_MIN": "0",
    "DB_POOL_MAX": "12",
}
serve_this_process()
django.setup()
FIXTURES = ("tests.ground", "tests.comuni", "tests.chromium", "tests.running", "tests.strictness.fixtures")


def pytest_configure(config: pytest.Config) -> None:
    """Builds the template once, in the process that leads the workers."""
    from tests.databases import prepare_template

    if not hasattr(config, "workerinput"):
        prepare_template(afresh=bool(config.getoption("create_db")))
        if config.getoption("numprocesses", default=None):
            # With it in sight, pytest-django would read the settings in each worker before this file has told
            # the worker which Valkey database is its own.
            del os.environ["DJANGO_SETTINGS_MODULE"]
    for name in FIXTURES:
        config.pluginmanager.import_plugin(name)


def pytest_unconfigure() -> None:
    """Stops what was started, and throws the files of the tests away."""
    shutil.rmtree(os.environ["MEDIA_ROOT"], ignore_errors=True)
    stop_servers()
