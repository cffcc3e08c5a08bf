"""A committed load is undone: everything it made is gone, everything it changed is as it was; or nothing happens."""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from onboarding.commit.one_at_a_time import write_alone
from onboarding.errors import ChangedSince, LoadNotReady
from onboarding.models import BeforeImage, LoadState, RosterLoad, WrittenRows
from onboarding.undo.obstacles import obstacles_to_undo
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.withdrawing import withdraw_openings
from sportello.jobs.registry import Progress

BACKWARDS: Final = (
    "enrolment_monthcount",
    "billing_entry",
    "billing_ledgeraccount",
    "enrolment_subscription",
    "means_iseeattestation",
    "canteen_specialdiet",
    "families_guardianship",
    "families_payerassignment",
    "families_pupil",
    "schools_section",
    "families_child",
    "families_household",
    "families_adult",
    "means_taxposition",
)
"""Tables in the order in which rows can be taken away: whoever points before what is pointed at."""

_MADE: Final = """
SELECT unnest(row_ids) FROM onboarding_writtenrows WHERE load_id = %(load)s AND "table" = %(table)s AND was_made
"""


@transaction.atomic
def undo_load(*, load: RosterLoad, now: datetime, actor: int | None, progress: Progress) -> RosterLoad:
    """Put everything back as it was before the commit, in one transaction. The load may then be checked again.

    Raises LoadNotReady, or ChangedSince when somebody has changed or used since what the load wrote; then nothing has
    changed, and `obstacles_to_undo` says what and `witnesses` who.
    """
    write_alone(progress=progress)
    locked = RosterLoad.objects.select_for_update(of=("self",)).get(pk=load.pk)
    if locked.state == LoadState.UNDONE:
        return locked
    if locked.state not in {LoadState.COMMITTED, LoadState.UNDOING}:
        raise LoadNotReady
    progress.advance(done=0, total=len(BACKWARDS), message=_("Guardo che cosa è cambiato dopo"))
    count, _found = obstacles_to_undo(locked)
    if count:
        raise ChangedSince(count)
    with connection.cursor() as cursor:
        _refuse_unknown_tables(locked)
        # First everything that was made goes: what it took the place of comes back into its periods.
        for done, table in enumerate(BACKWARDS, start=1):
            _take_away(cursor, locked, table)
            progress.advance(done=done, total=len(BACKWARDS), message=_("Rimetto com'era"))
        for table in BACKWARDS:
            _restore(cursor, locked, table)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    WrittenRows.objects.filter(load=locked).delete()
    BeforeImage.objects.filter(load=locked).delete()
    locked.state, locked.undone_at, locked.undone_by_id, locked.failure = LoadState.UNDONE, now, actor, ""
    locked.save()
    record(
        action=Action.LOAD_UNDONE,
        actor=actor,
        subject_kind="roster_load",
        subject=locked.public_id,
        now=now,
        details={"rows": locked.committable_rows},
    )
    return locked


def _refuse_unknown_tables(load: RosterLoad) -> None:
    """A commit that writes to a table which the way back does not know is a fault of ours, never half an undo."""
    tables = set(WrittenRows.objects.filter(load=load).order_by().values_list("table", flat=True))
    if unknown := tables - set(BACKWARDS):
        raise RuntimeError(f"No way back for {sorted(unknown)}.")


def _restore(cursor: Any, load: RosterLoad, table: str) -> None:
    """Rows that the load changed, from their images. Any: psycopg's cursor behind Django's wrapper."""
    kept = WrittenRows.objects.filter(load=load, table=table, was_made=False).order_by("pk").first()
    if kept is None:
        return
    names = ", ".join(f'"{column}"' for column in kept.columns if column != "id")
    values = ", ".join(f'before."{column}"' for column in kept.columns if column != "id")
    cursor.execute(
        f"UPDATE {table} held SET ({names}) = ROW({values})"
        f" FROM onboarding_beforeimage kept, jsonb_populate_record(NULL::{table}, kept.image) before"
        f' WHERE kept.load_id = %(load)s AND kept."table" = %(table)s AND held.id = kept.row_id',
        {"load": load.pk, "table": table},
    )


def _take_away(cursor: Any, load: RosterLoad, table: str) -> None:
    values = {"load": load.pk, "table": table}
    if table == "billing_entry":
        cursor.execute(_MADE, values)
        withdraw_openings(entries=[row[0] for row in cursor.fetchall()])
        return
    cursor.execute(f"DELETE FROM {table} WHERE id IN ({_MADE})", values)
