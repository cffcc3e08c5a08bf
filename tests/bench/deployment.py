"""A deployment to 41 schemas: when nothing changed, and when a migration is new."""

import subprocess
import sys

from django.db import connection

from tenants.municipal_packs import municipal_packs
from tenants.registering import bring_in
from tests.bench.ground import ROOT, database, environment
from tests.bench.table import Row, Table, median_seconds, seconds

START = "import django; django.setup()"


def run() -> Table:
    """No-op deploy and real deploy."""
    with database() as name:
        for pack in municipal_packs():
            bring_in(pack=pack)
        connection.close()

        def process(*words: str) -> None:
            subprocess.run(
                [sys.executable, *words], env=environment(name), cwd=ROOT, check=True, stdout=subprocess.DEVNULL
            )

        start = median_seconds([lambda: process("-c", START)] * 3)
        ours = median_seconds([lambda: process("manage.py", "deploy")] * 3)
        stock = seconds(lambda: process("manage.py", "migrate_schemas", "--verbosity", "0"))
        _forget_the_last_migration()
        stock_real = seconds(lambda: process("manage.py", "migrate_schemas", "--verbosity", "0"))
        _forget_the_last_migration()
        ours_real = seconds(lambda: process("manage.py", "deploy"))
    return Table(
        "Deployment to 41 schemas",
        "limit: Django's own start. naive: django-tenants' migrate_schemas. ours: `manage.py deploy`. The new migration"
        " adds two columns to one table of each schema.",
        (
            Row("nothing changed", ours, "s", start, stock, "< 1.5 s", ours < 1.5),
            Row("one new migration", ours_real, "s", None, stock_real, "naive/ours > 1", stock_real > ours_real),
        ),
    )


def _forget_the_last_migration() -> None:
    """In the Comuni only: they are all that migrate_schemas knows."""
    from tenants.fingerprint import schemas_with_migrations

    with connection.cursor() as cursor:
        for schema in schemas_with_migrations():
            if not schema.startswith("c_"):
                continue
            cursor.execute(f"DELETE FROM \"{schema}\".django_migrations WHERE app = 'otp_totp' AND name ~ '^0003'")
            cursor.execute(
                f'ALTER TABLE "{schema}".otp_totp_totpdevice DROP COLUMN last_used_at, DROP COLUMN created_at'
            )
    connection.close()
