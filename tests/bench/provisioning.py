"""A Comune's schema: by migrations, by replay of the bare text, by our provisioning."""

from collections.abc import Callable

from django.db import connection, transaction

from tenants.migrating import migrate_schema
from tenants.municipal_packs import municipal_packs
from tenants.provisioning import create_schema, current_blueprint
from tenants.registering import bring_in
from tests.bench.ground import database
from tests.bench.table import Row, Table, median_seconds, seconds

MIGRATED = 5


def run() -> Table:
    """Provisioning 1 and 41."""
    with database():
        text = current_blueprint()
        replay = median_seconds(_each(lambda name: _replay(text.text_for(name)), "c_limit", 5))
        migrate = median_seconds(_each(migrate_schema, "c_naive", MIGRATED))
        ours = median_seconds(_each(lambda name: create_schema(schema=name), "c_ours", 5))
    with database():
        packs = municipal_packs()
        all_ours = seconds(lambda: [bring_in(pack=pack) for pack in packs])
    count = len(packs)
    return Table(
        "Provisioning",
        "limit: the template's text replayed in one transaction, without rows. naive: the migrations of one schema,"
        f" median of {MIGRATED} (times {count} for all). ours: `bring_in`, with rows, host and schools.",
        (
            Row("one Comune", ours, "s", replay, migrate, "< 0.15 s", ours < 0.15),
            Row(
                f"all {count}",
                all_ours,
                "s",
                replay * count,
                migrate * count,
                "< 5 s, naive/ours >= 10",
                all_ours < 5 and migrate * count / all_ours >= 10,
            ),
        ),
    )


def _each(work: Callable[[str], object], prefix: str, times: int) -> list[Callable[[], object]]:
    return [lambda number=number: work(f"{prefix}{number}") for number in range(times)]  # type: ignore[misc]


def _replay(text: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = false; SET LOCAL search_path = ''")
        cursor.execute(text)
    connection.close()
