"""One load of a Comune is written at a time: the second waits for the first, whoever started it."""

from django.db import connection
from django.utils.translation import gettext as _

from sportello.jobs.registry import Progress
from tenants.current import require_schema


def write_alone(*, progress: Progress) -> None:
    """Held until the end of the transaction; whoever must wait is told so. The lock dies with its connection."""
    name = f"{require_schema()}:onboarding"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            progress.advance(message=_("Aspetto che finisca un altro caricamento di questo Comune"))
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
