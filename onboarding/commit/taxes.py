"""Local taxes: of each adult of ours the standing that follows from the rows, kept as the room of means keeps it.

The rules are those of `/ufficio/tributi/`: in arrears only by certain rows, unknown where a doubtful row speaks of the
person and no certain one is unpaid. Amounts and years stay in the load; the room keeps the verdict alone.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from integrations.tributi import door
from integrations.tributi.rows import Duty, ReadRow, RowVerdict
from integrations.tributi.standings import standings_of
from integrations.tributi.types import Tax, TaxVerdict
from onboarding.commit.left_out import leave_out
from onboarding.commit.watching import watched
from onboarding.commit.writing import Writing, fields_read
from onboarding.errors import MappingIncomplete
from onboarding.judging.labels import label
from onboarding.judging.types import Record, Verdict
from onboarding.judging.words.amounts import cents_of
from onboarding.models import COMMITTABLE, RosterLoad, StagedRow
from sportello.means.tax_keeping import keep_verdicts, people_among
from sportello.means.tax_loading import usable_day

TABLE: Final = "means_taxposition"
BATCH: Final = 5_000
_CODE: Final = re.compile(r"[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]")
_BELFIORE: Final = re.compile(r"[A-Z]\d{3}(?=\d{8}(?!\d))")
"""In a header record the code of the Comune may stand right before the day."""
_DAYS: Final = (
    (re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)"), "%Y%m%d"),
    (re.compile(r"(?<!\d)(\d{2})[/.-]?(\d{2})[/.-]?(\d{4})(?!\d)"), "%d%m%Y"),
)
_TAXES: Final = frozenset(tax.value for tax in Tax)
_NOT_OURS: Final = """
SELECT 'not_ours', staged.line, 0 FROM onboarding_stagedrow staged
WHERE staged.load_id = %(load)s AND staged.verdict IN ('good', 'fix')
  AND NOT EXISTS (SELECT FROM families_adult adult WHERE adult.fiscal_code = staged.record ->> 'fiscal_code')
"""


def write_taxes(writing: Writing) -> dict[str, Any]:
    """The positions of the adults the Comune knows; the others are left out and told.

    Raises MappingIncomplete where the file does not say what is due and paid, DayUnknown, TaxFileTooOld, NotConfigured,
    SettingsInvalid.
    """
    load, today = writing.load, writing.today
    missing = [name for name in ("due", "paid") if name not in fields_read(load)]
    if missing:
        raise MappingIncomplete([label(name) for name in missing])
    chosen = door.file_settings()
    day = usable_day(day_of(load, today), chosen, today)
    standings = standings_of(_rows(load), as_of=day)
    people = people_among(standings)
    verdicts: dict[str, TaxVerdict] = {code: door.verdict_from(standings[code], chosen, today=today) for code in people}
    leave_out(writing.cursor, _NOT_OURS, writing.values)
    keys = [adult.pk for adult in people.values()]
    with watched(writing.cursor, TABLE, column="adult_id", keys=keys):
        kept = keep_verdicts(
            verdicts=verdicts,
            people=people,
            source="file",
            actor=writing.actor,
            now=writing.now,
            progress=writing.progress,
        )
    return {
        "rows": load.committable_rows,
        "positions_created": kept.created,
        "positions_updated": kept.updated,
        "positions_unchanged": kept.unchanged,
    }


def day_of(load: RosterLoad, today: date) -> date | None:
    """Of which day the data are: that of the lines before the first row, else of the last payment that they tell.

    The data may be younger than their last payment, never older: so they lapse too early, never too late.
    """
    rows = StagedRow.objects.filter(load=load)
    first = rows.exclude(verdict=Verdict.NOT_DATA).order_by("line").values_list("line", flat=True).first()
    heads = rows.filter(verdict=Verdict.NOT_DATA, line__lt=first or 0).order_by("line")
    told = [day for raw in heads.values_list("raw", flat=True) for day in _days_in(raw) if day <= today]
    if told:
        return max(told)
    paid = [
        date.fromisoformat(str(record["last_payment"]))
        for record in _records(rows.filter(verdict__in=COMMITTABLE))
        if record.get("last_payment")
    ]
    return max((day for day in paid if day <= today), default=None)


def _days_in(text: str) -> Iterator[date]:
    parted = _BELFIORE.sub(" ", text)
    for shape, written in _DAYS:
        for found in shape.finditer(parted):
            try:
                yield datetime.strptime("".join(found.groups()), written).date()  # noqa: DTZ007 -- a day has no zone
            except ValueError:
                continue


def _rows(load: RosterLoad) -> Iterator[ReadRow]:
    """The judged rows as the rules of standings read them; an unreadable one speaks of whomever its text names."""
    rows = StagedRow.objects.filter(load=load, verdict__in=(*COMMITTABLE, Verdict.REVIEW, Verdict.REJECT))
    for line, verdict, record, raw in (
        rows.order_by("line").values_list("line", "verdict", "record", "raw").iterator(chunk_size=BATCH)
    ):
        said = RowVerdict(verdict)
        if verdict in COMMITTABLE and record:
            yield ReadRow(line, said, duty=_duty(record), fiscal_code=str(record["fiscal_code"]))
            continue
        for code in {str((record or {}).get("fiscal_code") or ""), *_CODE.findall(raw.upper())}:
            yield ReadRow(line, said, fiscal_code=code)


def _duty(record: Record) -> Duty:
    tax = str(record.get("tax") or "")
    return Duty(
        progressive=0,
        fiscal_code=str(record["fiscal_code"]),
        tax=Tax(tax) if tax in _TAXES else tax,
        year=int(str(record.get("year") or 0)),
        due_cents=cents_of(str(record["due"])),
        paid_cents=cents_of(str(record["paid"])),
        paid_on=None,
        instalments=bool(record.get("instalments")),
    )


def _records(rows: Any) -> Iterator[dict[str, Any]]:  # Any: a query of rows; values of JSON
    yield from rows.order_by("line").values_list("record", flat=True).iterator(chunk_size=BATCH)
