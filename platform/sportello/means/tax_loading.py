"""A file of the tax office: a dry run that keeps only what the clerk must see, then all the verdicts or none."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from integrations.tributi import door
from integrations.tributi.file import FileSettings
from integrations.tributi.reading import ControlSum, ReadFile
from integrations.tributi.rows import RowVerdict
from integrations.tributi.types import TaxVerdict
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.models import Adult
from sportello.means.asking_taxes import keep_position
from sportello.means.models import TaxFileLoad, TaxFileRow
from sportello.means.tax_errors import (
    DayInFuture,
    DayUnknown,
    SumsNotConfirmed,
    TaxFileGone,
    TaxFileTooLarge,
    TaxFileTooOld,
)
from sportello.means.tax_models import TaxLoadState

BATCH = 2_000
UNDATA = frozenset({RowVerdict.NOT_DATA, RowVerdict.CONTROL})


@transaction.atomic
def check_tax_file(
    *, content: bytes, file_name: str, as_of: date | None, actor: Account | None, now: datetime
) -> TaxFileLoad:
    """The dry run: every row with its verdict and its errors, and how many people of ours it speaks of.

    A file that was committed already gives back that load. `as_of` is asked for files that do not say their day.
    Raises TaxFileTooLarge, FileUnreadable, DayUnknown, DayInFuture, TaxFileTooOld, NotConfigured, SettingsInvalid.
    """
    if len(content) > settings.TAX_FILE_MAX_BYTES:
        raise TaxFileTooLarge(settings.TAX_FILE_MAX_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    committed = TaxFileLoad.objects.filter(sha256=digest, state=TaxLoadState.COMMITTED).first()
    if committed is not None:
        return committed
    chosen = door.file_settings()
    read = door.read_tax_file(content, chosen)
    day = _day(read, as_of, chosen, now.date())
    people = _people(row.fiscal_code for row in read.rows)
    load = TaxFileLoad(
        public_id=uuid.uuid4(),
        file_name=file_name[-200:],
        sha256=digest,
        as_of=day,
        uploaded_by=actor,
        uploaded_at=now,
        counts=Counter(row.verdict.value for row in read.rows if row.verdict not in UNDATA),
        sums=[_told(one) for one in read.sums],
        comes_out=read.comes_out,
        people=len(people),
    )
    load.file.save(str(load.public_id), ContentFile(content), save=False)
    load.save()
    TaxFileRow.objects.bulk_create(_rows(load, read, people), batch_size=BATCH)
    _record(Action.TAX_FILE_UPLOADED, load, actor, now, rows=len(read.rows))
    return load


@transaction.atomic
def commit_tax_file(*, load: TaxFileLoad, sums_confirmed: bool, actor: Account | None, now: datetime) -> TaxFileLoad:
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
    people = _people(verdicts)
    for code in sorted(people):
        keep_position(adult=people[code], verdict=verdicts[code], source="file", actor=_key(actor), now=now)
    locked.people = len(people)
    locked.state, locked.committed_at = TaxLoadState.COMMITTED, now
    _throw_away(locked)
    _record(Action.TAX_FILE_COMMITTED, locked, actor, now, people=len(people), confirmed=sums_confirmed)
    return locked


@transaction.atomic
def discard_tax_file(*, load: TaxFileLoad, actor: Account | None, now: datetime) -> None:
    """Throws file and rows away unused."""
    locked = TaxFileLoad.objects.select_for_update().get(pk=load.pk)
    if locked.state == TaxLoadState.CHECKED:
        locked.state = TaxLoadState.DISCARDED
        _throw_away(locked)
        _record(Action.TAX_FILE_UPLOADED, locked, actor, now, discarded=True)


def _verdicts(load: TaxFileLoad, today: date) -> dict[str, TaxVerdict]:
    """Read again from the kept bytes: the verdicts of people who are not ours were never written anywhere."""
    if load.state != TaxLoadState.CHECKED or not load.file or not load.path.is_file():
        raise TaxFileGone
    chosen = door.file_settings()
    read = door.read_tax_file(load.path.read_bytes(), chosen)
    day = _day(read, load.as_of, chosen, today)
    return door.verdicts_of(read, chosen, as_of=day, today=today)


def _day(read: ReadFile, told: date | None, chosen: FileSettings, today: date) -> date:
    """The day that the file says, else the one that the clerk wrote."""
    day = read.as_of or told
    if day is None:
        raise DayUnknown
    if day > today:
        raise DayInFuture
    if day + timedelta(days=chosen.valid_days) <= today:
        raise TaxFileTooOld(day)
    return day


def _people(codes: Iterable[str]) -> dict[str, Adult]:
    """Those among the codes who are adults of ours, in one query."""
    found = Adult.objects.filter(fiscal_code__in={code for code in codes if code}).order_by("pk")
    return {str(adult.fiscal_code): adult for adult in found}


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


def _record(action: Action, load: TaxFileLoad, actor: Account | None, now: datetime, **details: object) -> None:
    record(action=action, actor=_key(actor), subject_kind="tax_file", subject=load.public_id, now=now, details=details)


def _key(actor: Account | None) -> int | None:
    return None if actor is None else actor.pk
