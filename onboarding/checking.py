"""The dry run of a roster: every row judged and staged, nothing of the Comune touched."""

from datetime import date

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, Sum

from onboarding.cross_checks import compare_rows
from onboarding.errors import FileAlteredOnDisk, SourceError
from onboarding.models import COMMITTABLE, LoadState, RosterLoad, RowDefect, StagedRow
from onboarding.reading import inspect
from onboarding.record import Known
from onboarding.staging import stage
from sportello.families.models import Child
from sportello.jobs.registry import Progress
from sportello.schools.models import School

FORGET = "DELETE FROM onboarding_rowdefect WHERE load_id = %s", "DELETE FROM onboarding_stagedrow WHERE load_id = %s"


@transaction.atomic
def check_roster(*, load: RosterLoad, today: date, progress: Progress) -> RosterLoad:
    """Judge the file again from the start: all rows staged with their defects, or none and the reason why.

    A file that cannot be read leaves the load FAILED with the sentence that says why; the file is kept.
    """
    locked = RosterLoad.objects.select_for_update().get(pk=load.pk)
    if locked.state == LoadState.COMMITTED:
        return locked
    try:
        with transaction.atomic():
            _stage_all(locked, today, progress)
    except SourceError as refusal:
        locked.state, locked.failure = LoadState.FAILED, str(refusal)[:400]
        progress.advance(message=str(refusal))
    else:
        locked.state, locked.failure = LoadState.CHECKED, ""
    locked.save()
    return locked


def _stage_all(load: RosterLoad, today: date, progress: Progress) -> None:
    with connection.cursor() as cursor:
        for statement in FORGET:
            cursor.execute(statement, [load.pk])
    source = inspect(load.path)
    if source.sha256 != load.sha256:
        raise FileAlteredOnDisk
    # An institute without a level is no place where a child sits.
    sites = School.objects.filter(is_active=True).exclude(level="").order_by("pk")
    schools = dict(sites.values_list("school_code", "level"))
    blank = stage(load=load, source=source, known=Known(today=today, schools=schools), progress=progress)
    compare_rows(load_id=load.pk)
    load.encoding = source.encoding
    load.counts = {**_counts(load), "blank": blank}
    load.totals = _totals(load)


def _counts(load: RosterLoad) -> dict[str, object]:
    rows = StagedRow.objects.filter(load=load)
    verdicts = dict(rows.order_by().values_list("verdict").annotate(Count("pk")))
    defects = dict(RowDefect.objects.filter(load=load).order_by().values_list("code").annotate(Count("pk")))
    known = rows.filter(Exists(Child.objects.filter(fiscal_code=OuterRef("child_fiscal_code"))))
    already = known.filter(verdict__in=COMMITTABLE).count()
    return {"rows": sum(verdicts.values()), "already_known": already, "defects": defects, **verdicts}


def _totals(load: RosterLoad) -> dict[str, int]:
    """Balances in cents: of all rows where one can be read, and of those that would be committed."""
    good = Q(verdict__in=COMMITTABLE)
    sums = StagedRow.objects.filter(load=load).aggregate(
        read=Sum("balance_cents"),
        committable=Sum("balance_cents", filter=good),
        credit=Sum("balance_cents", filter=good & Q(balance_cents__gt=0)),
        due=Sum("balance_cents", filter=good & Q(balance_cents__lt=0)),
    )
    return {name: int(value or 0) for name, value in sums.items()}
