"""The movements of the treasury: loaded from its journal, matched with the flows whose money they are (P35)."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.accounting.errors import BadLine, JournalKnown, MovementDiffers, NotAJournal
from sportello.billing.accounting.journal import Entry, Unreadable, flow_named, read_journal, squeezed
from sportello.billing.accounting.models import JournalFile, Movement, MovementVerdict
from sportello.billing.reconciliation.models import Flow

WAIT: Final = timedelta(days=3)
"""A transfer is credited on its day or the working day after, and the journal comes the day after that."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many movements a file had, and how many of them were new."""

    lines: int
    new: int


@transaction.atomic
def load_journal(*, name: str, content: bytes, actor: int, now: datetime) -> Loaded:
    """Keeps the file and its movements, all or none, and matches them. What is here already is left as it is.

    Raises NotAJournal, BadLine, MovementDiffers, JournalKnown.
    """
    try:
        entries = read_journal(content)
    except Unreadable as wrong:
        if not wrong.line:
            raise NotAJournal from wrong
        raise BadLine(wrong.line, wrong.column) from wrong
    sha256 = hashlib.sha256(content).hexdigest()
    if JournalFile.objects.filter(sha256=sha256).exists():
        raise JournalKnown
    file = JournalFile.objects.create(
        name=name[-200:], content=content, sha256=sha256, uploaded_at=now, uploaded_by=actor
    )
    fresh = _fresh(entries)
    Movement.objects.bulk_create((_row(file, one) for one in fresh), batch_size=1_000)
    match_movements()
    record(
        action=Action.TREASURY_LOADED,
        actor=actor,
        subject_kind="journal_file",
        subject=str(file.pk),
        now=now,
        details={"lines": len(entries), "new": len(fresh)},
    )
    return Loaded(len(entries), len(fresh))


@transaction.atomic
def match_movements() -> int:
    """Looks at the movements that are no flow's yet, and at those whose flow has a later revision; how many match.

    A flow is credited once: of two movements that name it the first one is its own.
    """
    again = Movement.objects.filter(~Q(verdict=MovementVerdict.MATCHED) | Q(flow__is_current=False))
    rows = list(again.order_by("booked_on", "pk").select_for_update(of=("self",)))
    Movement.objects.filter(pk__in=[one.pk for one in rows if one.flow_id]).update(flow=None, verdict="")
    flows: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in Flow.objects.filter(is_current=True).order_by("pk"):
        flows[squeezed(flow.fdr)].append(flow)
    taken = set(Movement.objects.filter(flow__isnull=False).values_list("flow", flat=True))
    for row in rows:
        row.verdict, row.flow = _judged(row, flows, taken)
        if row.flow:
            taken.add(row.flow.pk)
    Movement.objects.bulk_update(rows, ["verdict", "flow"], batch_size=1_000)
    return sum(row.verdict == MovementVerdict.MATCHED for row in rows)


def uncredited(*, today: date) -> QuerySet[Flow]:
    """The flows whose money should be in the treasury and is in no movement. None before the first journal."""
    first = Movement.objects.order_by("booked_on").values_list("booked_on", flat=True).first()
    if first is None:
        return Flow.objects.none()
    rows = Flow.objects.filter(is_current=True, movement__isnull=True, counted_cents__gt=0)
    return rows.filter(regulated_on__gte=first - timedelta(days=1), regulated_on__lt=today - WAIT).order_by(
        "regulated_on", "pk"
    )


def _fresh(entries: list[Entry]) -> list[Entry]:
    """Those that are not here; the same number with other facts is an error."""
    years = {one.year for one in entries}
    known = {(one.year, one.number): one for one in Movement.objects.filter(year__in=years).order_by("pk")}
    fresh: dict[tuple[int, str], Entry] = {}
    for one in entries:
        key = (one.year, one.number)
        held = known.get(key) or fresh.get(key)
        if held is None:
            fresh[key] = one
        elif _facts(held) != _facts(one):
            raise MovementDiffers(*key)
    return list(fresh.values())


def _facts(one: Entry | Movement) -> tuple[object, ...]:
    cents = one.cents if isinstance(one, Entry) else one.amount_cents
    return one.booked_on, one.value_on, one.remittance, cents


def _row(file: JournalFile, one: Entry) -> Movement:
    return Movement(
        file=file,
        year=one.year,
        number=one.number,
        booked_on=one.booked_on,
        value_on=one.value_on,
        payer_name=one.payer_name,
        remittance=one.remittance,
        amount_cents=one.cents,
    )


def _judged(row: Movement, flows: dict[str, list[Flow]], taken: set[int]) -> tuple[str, Flow | None]:
    """The verdict; the flow only where it is that flow's money. Two PSPs may call their flows the same."""
    if row.amount_cents <= 0:
        return MovementVerdict.OUTGOING, None
    name = flow_named(row.remittance)
    if not name:
        return MovementVerdict.NO_NAME, None
    found = flows.get(name, [])
    if not found:
        return MovementVerdict.NO_FLOW, None
    right = [one for one in found if one.declared_cents == row.amount_cents]
    free = [one for one in right if one.pk not in taken]
    if free:
        return MovementVerdict.MATCHED, free[0]
    return (MovementVerdict.TWICE if right else MovementVerdict.AMOUNT), None
