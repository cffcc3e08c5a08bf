"""The ground of every test: a real PostgreSQL and a real Valkey, three fixed Comuni, and a strict reading of the code.

`db` (asked for by `bari`, `bitonto`, `terlizzi`, `central`) wraps the test in a transaction that is rolled back;
`transactional_db` gives it a database of its own, dropped afterwards. DATABASE_URL and VALKEY_URL, when set, name
the servers to use; their databases `sportello_*` are ours to drop.
"""

import os

import pytest

os.environ |= {
    "TESTING": "1",
    "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
    "EMAIL_URL": "memorymail://",
    "DB_POOL_MIN": "0",
    "DB_POOL_MAX": "12",
}
FIXTURES = ("tests.ground", "tests.comuni", "tests.strictness.fixtures")
SERVERS = pytest.StashKey["list[EmbeddedServer]"]()


def pytest_configure(config: pytest.Config) -> None:
    """Starts the servers and builds the template, once, in the process that leads the workers."""
    import django

    from tests.servers import start_servers

    leads = not hasattr(config, "workerinput")
    if leads:
        config.stash[SERVERS] = start_servers()
    else:  # each worker has a Valkey database of its own: its cache and its queue
        base, _, number = os.environ["VALKEY_URL"].rpartition("/")
        os.environ["VALKEY_URL"] = f"{base}/{int(number) + int(config.workerinput['workerid'][2:]) + 1}"
    django.setup()
    if leads:
        from tests.databases import prepare_template

        prepare_template(afresh=bool(config.getoption("create_db")))
    for name in FIXTURES:
        config.pluginmanager.import_plugin(name)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops what was started."""
    for server in config.stash.get(SERVERS, []):
        server.stop()
