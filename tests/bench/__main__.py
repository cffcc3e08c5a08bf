"""`python -m tests.bench [name ...]`: starts servers, runs the benches named (all by default), prints their tables."""

import importlib
import os
import pkgutil
import sys

os.environ |= {
    "TESTING": "1",
    "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
    "EMAIL_URL": "memorymail://",
    "DB_POOL_MIN": "1",
}
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "wal_level": "replica",
}


def main(names: list[str]) -> None:
    """Runs the benches."""
    import django

    from sportello.demo.embedded import start_postgres, start_valkey

    servers = [start_postgres(settings=DURABLE), start_valkey()]
    os.environ["DATABASE_URL"], os.environ["VALKEY_URL"] = (server.url for server in servers)
    try:
        django.setup()
        from tests.bench.ground import prepare
        from tests.databases import leave_database

        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores. Compare ratios, not seconds.\n", flush=True)  # noqa: T201 a command speaks on the terminal
        prepare()
        for name in names or _all():
            table = importlib.import_module(f"tests.bench.{name}").run()
            print(table.text(), flush=True)  # noqa: T201 a command speaks on the terminal
        leave_database()
    finally:
        for server in servers:
            server.stop()


def _all() -> list[str]:
    """The modules here that have a bench."""
    import tests.bench

    found = [module.name for module in pkgutil.iter_modules(tests.bench.__path__) if not module.ispkg]
    return [name for name in found if hasattr(_module(name), "run")]


def _module(name: str) -> object:
    return None if name == "__main__" else importlib.import_module(f"tests.bench.{name}")


if __name__ == "__main__":
    main(sys.argv[1:])
