"""From a checked export to children, families, classes, diets, ISEE, subscriptions and balances: all or nothing."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from onboarding.commit.balances import post_balances
from onboarding.commit.debts import write_debts
from onboarding.commit.facts import write_guardianships, write_isee, write_subscriptions
from onboarding.commit.images import begin_images, keep_images
from onboarding.commit.incoming import find_keys, write_sections
from onboarding.commit.left_out import begin_left_out, kept_left_out, leave_out
from onboarding.commit.one_at_a_time import write_alone
from onboarding.commit.owed import spare_carried_elsewhere
from onboarding.commit.people import write_children, write_payers
from onboarding.commit.rides import write_rides
from onboarding.commit.rows import type_rows
from onboarding.commit.sheets import write_counts
from onboarding.commit.span import CommitSpan
from onboarding.commit.taxes import write_taxes
from onboarding.commit.timelines import DIETS, PAYERS, PLACEMENTS, write_timeline
from onboarding.commit.writing import Step, Writing, edition_of, fields_read
from onboarding.errors import KindNotCommitted, LoadNotReady, NothingToCommit
from onboarding.kinds import may_be_committed
from onboarding.models import LoadState, RosterLoad
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.canteen.service import canteen_service
from sportello.jobs.registry import Progress
from sportello.kernel.school_year import SchoolYear

STEPS: Final = 9


@transaction.atomic
def commit_roster(*, load: RosterLoad, today: date, now: datetime, actor: int | None, progress: Progress) -> RosterLoad:
    """Store every good and repaired row of the load, in one transaction; what is already there and equal stays.

    Rows to review, unreadable and repeated ones are left out: they can be downloaded, corrected and uploaded again.
    What it writes is kept so that `undo_load` can undo it. Waits while another load of the Comune is written.
    Raises LoadNotReady, KindNotCommitted, NothingToCommit, NoCanteen, NoEditionInForce or TotalsDiffer; then nothing
    has changed.
    """
    write_alone(progress=progress)
    locked = RosterLoad.objects.select_for_update(of=("self",)).select_related("mapping").get(pk=load.pk)
    if locked.state == LoadState.COMMITTED:
        return locked
    if locked.state not in {LoadState.CHECKED, LoadState.COMMITTING}:
        raise LoadNotReady
    if not may_be_committed(locked.kind):
        raise KindNotCommitted
    if not locked.committable_rows:
        raise NothingToCommit
    span = CommitSpan.of(SchoolYear(locked.school_year), today)
    with connection.cursor() as cursor:
        begin_images(cursor)
        begin_left_out(cursor)
        writing = Writing(cursor, locked, span, today, now, actor, progress)
        locked.result = WRITERS[locked.kind](writing)
        if left_out := kept_left_out(cursor):
            locked.result["left_out"] = left_out
        keep_images(cursor, locked.pk)
        progress.advance(done=STEPS, total=STEPS, message=_("Fatto"))
    locked.state, locked.committed_at, locked.failure = LoadState.COMMITTED, now, ""
    locked.committed_by_id, locked.undone_at, locked.undone_by = actor, None, None
    locked.save()
    record(
        action=Action.ROSTER_COMMITTED,
        actor=actor,
        subject_kind="roster_load",
        subject=locked.public_id,
        now=now,
        details={
            "kind": locked.kind,
            "rows": locked.committable_rows,
            "created": locked.result.get("children_created", 0),
        },
    )
    return locked


def _write_roster(writing: Writing) -> dict[str, Any]:
    """Children and what the canteen needs to know of them."""
    cursor, load, service = writing.cursor, writing.load, canteen_service()
    edition = edition_of(writing, service)
    values = {**writing.values, "service": service.pk, "edition": None if edition is None else edition.pk}

    def step(done: int, message: str) -> None:
        writing.progress.advance(done=done, total=STEPS, message=message)

    type_rows(cursor, values)
    counts = _write_families(cursor, values, step)
    counts |= _write_services(cursor, values, step, of_the_canteen=speaks_of_the_canteen(load))
    if "meals" in fields_read(load):
        counts |= write_counts(writing, values)
    step(8, _("Saldi"))
    spare_carried_elsewhere(writing, service.code)
    counts["entries_posted"] = post_balances(
        cursor,
        service_code=service.code,
        load=load.pk,
        competence_on=writing.span.period.start,
        now=writing.now,
        actor=writing.actor,
    )
    return counts


def _write_families(cursor: Any, values: dict[str, Any], step: Step) -> dict[str, int]:
    """Adults, children, classes and who pays for whom."""
    step(1, _("Adulti"))
    payers = write_payers(cursor, values)
    step(2, _("Bambini"))
    children = write_children(cursor, values)
    step(3, _("Classi"))
    sections = write_sections(cursor, values)
    rows = find_keys(cursor, values)
    placed, moved = write_timeline(cursor, PLACEMENTS, values)
    step(4, _("Chi paga"))
    write_timeline(cursor, PAYERS, values)
    return {
        "rows": rows,
        "children_created": children.created,
        "children_updated": children.updated,
        "children_unchanged": rows - children.created - children.updated,
        "adults_created": payers.created,
        "adults_updated": payers.updated,
        "sections_created": sections,
        "placements_created": placed,
        "placements_changed": moved,
        "guardianships_created": write_guardianships(cursor, values),
    }


def _write_services(cursor: Any, values: dict[str, Any], step: Step, *, of_the_canteen: bool) -> dict[str, int]:
    """Diets, ISEE and, where the file speaks of it, places at the canteen."""
    step(5, _("Diete"))
    diets = sum(write_timeline(cursor, DIETS, values))
    step(6, _("ISEE"))
    isee = write_isee(cursor, values)
    step(7, _("Iscrizioni alla mensa"))
    if of_the_canteen and values["edition"] is None:
        leave_out(cursor, "SELECT 'no_edition', line, 0 FROM roster_row", values)
    placed = write_subscriptions(cursor, values) if of_the_canteen and values["edition"] is not None else 0
    return {"diets_written": diets, "isee_written": isee, "subscriptions_created": placed}


def speaks_of_the_canteen(load: RosterLoad) -> bool:
    """Whether the file is one of the canteen: a bare list of pupils gives nobody a place."""
    return bool(fields_read(load) & {"balance", "diet", "meals", "meals_total", "isee"})


WRITERS: Final[dict[str, Callable[[Writing], dict[str, Any]]]] = {
    "roster": _write_roster,
    "transport": write_rides,
    "taxes": write_taxes,
    "debts": write_debts,
}
"""What is written of each kind that may be committed (`kinds.WRITES`)."""
