"""A file of the tax office: a dry run that keeps only what the clerk must see, then all the verdicts or none."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from integrations.tributi import door
from integrations.tributi.file import FileSettings
from integrations.tributi.mapping import Common
from integrations.tributi.reading import ControlSum, ReadFile
from integrations.tributi.rows import RowVerdict
from integrations.tributi.types import TaxVerdict
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.models import Adult
from sportello.jobs.registry import Progress
from sportello.means.models import TaxFileLoad, TaxFileRow
from sportello.means.tax_errors import (
    DayInFuture,
    DayUnknown,
    SumsNotConfirmed,
    TaxFileGone,
    TaxFileTooOld,
)
from sportello.means.tax_keeping import keep_verdicts, people_among
from sportello.means.tax_models import TaxLoadState

BATCH = 2_000
UNDATA = frozenset({RowVerdict.NOT_DATA, RowVerdict.CONTROL})


@transaction.atomic
def check_tax_file(*, load: TaxFileLoad, now: datetime) -> TaxFileLoad:
    """The dry run: every row with its verdict and its errors, and how many people of ours it speaks of.

    Done once: a load that is past it is given back as it is.
    Raises FileUnreadable, DayUnknown, DayInFuture, TaxFileTooOld, TaxFileGone, NotConfigured, SettingsInvalid.
    """
    locked = TaxFileLoad.objects.select_for_update().get(pk=load.pk)
    if locked.state != TaxLoadState.RECEIVED:
        return locked
    chosen, read = _read(locked)
    locked.as_of = _day(read, locked.as_of, chosen, now.date())
    people = people_among(row.fiscal_code for row in read.rows)
    locked.counts = Counter(row.verdict.value for row in read.rows if row.verdict not in UNDATA)
    locked.sums = [_told(one) for one in read.sums]
    locked.comes_out, locked.people, locked.state = read.comes_out, len(people), TaxLoadState.CHECKED
    locked.save()
    TaxFileRow.objects.bulk_create(_rows(locked, read, people), batch_size=BATCH)
    return locked


@transaction.atomic
def refuse_tax_file(*, load: TaxFileLoad, failure: str, actor: int | None, now: datetime) -> None:
    """Throws away a file that could not be read; the sentence says why."""
    locked = TaxFileLoad.objects.select_for_update().get(pk=load.pk)
    if locked.state == TaxLoadState.RECEIVED:
        locked.state, locked.failure = TaxLoadState.REFUSED, failure[:400]
        _throw_away(locked)
        record_tax_file(Action.TAX_FILE_UPLOADED, locked, actor, now, refused=True)


@transaction.atomic
def commit_tax_file(
    *, load: TaxFileLoad, sums_confirmed: bool, actor: int | None, now: datetime, progress: Progress
) -> TaxFileLoad:
    """Keeps the verdicts of the people of ours and throws file and rows away; asked twice, the first answers.

    Raises SumsNotConfirmed when the sums of the tail do not come out and nobody confirmed, TaxFileGone,
    and what `check_tax_file` raises.
    """
    locked = TaxFileLoad.objects.select_for_update().get(pk=load.pk)
    if locked.state == TaxLoadState.COMMITTED:
        return locked
    earlier = TaxFileLoad.objects.filter(sha256=locked.sha256, state=TaxLoadState.COMMITTED).first()
    if earlier is not None:
        return earlier
    if not locked.comes_out and not sums_confirmed:
        raise SumsNotConfirmed
    verdicts = _verdicts(locked, now.date())
    people = people_among(verdicts)
    keep_verdicts(verdicts=verdicts, people=people, source="file", actor=actor, now=now, progress=progress)
    locked.people = len(people)
    locked.state, locked.committed_at = TaxLoadState.COMMITTED, now
    _throw_away(locked)
    record_tax_file(Action.TAX_FILE_COMMITTED, locked, actor, now, people=len(people), confirmed=sums_confirmed)
    return locked


@transaction.atomic
def discard_tax_file(*, load: TaxFileLoad, actor: Account | None, now: datetime) -> None:
    """Throws file and rows away unused."""
    locked = TaxFileLoad.objects.select_for_update().get(pk=load.pk)
    if locked.state in {TaxLoadState.RECEIVED, TaxLoadState.CHECKED}:
        locked.state = TaxLoadState.DISCARDED
        _throw_away(locked)
        record_tax_file(Action.TAX_FILE_UPLOADED, locked, actor_key(actor), now, discarded=True)


def _verdicts(load: TaxFileLoad, today: date) -> dict[str, TaxVerdict]:
    """Read again from the kept bytes: the verdicts of people who are not ours were never written anywhere."""
    if load.state != TaxLoadState.CHECKED:
        raise TaxFileGone
    chosen, read = _read(load)
    day = _day(read, load.as_of, chosen, today)
    return door.verdicts_of(read, chosen, as_of=day, today=today)


def _read(load: TaxFileLoad) -> tuple[FileSettings, ReadFile]:
    if not load.file or not load.path.is_file():
        raise TaxFileGone
    chosen = door.file_settings()
    return chosen, door.read_tax_file(load.path.read_bytes(), chosen)


def _day(read: ReadFile, told: date | None, chosen: FileSettings, today: date) -> date:
    """The day that the file says, else the one that the clerk wrote."""
    day = read.as_of or told
    return usable_day(day, chosen, today)


def usable_day(day: date | None, chosen: Common, today: date) -> date:
    """The day of the data, if it is known and not too far. Raises DayUnknown, DayInFuture or TaxFileTooOld."""
    if day is None:
        raise DayUnknown
    if day > today:
        raise DayInFuture
    if day + timedelta(days=chosen.valid_days) <= today:
        raise TaxFileTooOld(day)
    return day


def _rows(load: TaxFileLoad, read: ReadFile, people: dict[str, Adult]) -> Iterable[TaxFileRow]:
    return (
        TaxFileRow(
            load=load,
            line=row.line,
            verdict=row.verdict.value,
            defects=list(row.defects),
            adult=people.get(row.fiscal_code),
        )
        for row in read.rows
        if row.verdict not in UNDATA
    )


def _told(one: ControlSum) -> dict[str, object]:
    return {"name": one.name, "declared": one.declared, "found": one.found, "is_off": one.is_off}


def _throw_away(load: TaxFileLoad) -> None:
    kept, storage = load.file.name, load.file.storage
    load.file = ""
    load.save()
    load.rows.all().delete()
    if kept:
        transaction.on_commit(lambda: storage.delete(kept))


def record_tax_file(action: Action, load: TaxFileLoad, actor: int | None, now: datetime, **details: object) -> None:
    """What was done to a file, on record: how many, never who."""
    record(action=action, actor=actor, subject_kind="tax_file", subject=load.public_id, now=now, details=details)


def actor_key(actor: Account | None) -> int | None:
    """The account as records keep it."""
    return None if actor is None else actor.pk
