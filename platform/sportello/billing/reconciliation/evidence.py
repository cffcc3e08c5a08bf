"""The messages exchanged with the Node as a zip, byte for byte (P22): of one notice, or one of each primitive.

PagoPA's acceptance tests (EC-PSP-01, -02, -02M, -04) ask for the XML of each primitive and its answer.
"""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.receipts.models import Message
from sportello.kernel.clock import ROME
from sportello.ui.spreadsheets import csv_text

MOST: Final = 200
HEADINGS: Final = ("file", "operation", "happened_at", "milliseconds", "outcome", "fault_code")


def messages_of(notice_number: str) -> list[Message]:
    """All messages of a notice, the first one first."""
    return list(Message.objects.filter(notice_number=notice_number).order_by("happened_at", "pk")[:MOST])


def one_of_each() -> list[Message]:
    """The latest message of each primitive with each outcome."""
    rows = Message.objects.order_by("operation", "outcome", "fault_code", "-happened_at", "-pk")
    return list(rows.distinct("operation", "outcome", "fault_code")[:MOST])


def take_evidence(*, found: Iterable[Message], subject: str, actor: int, now: datetime) -> bytes:
    """The zip: request and answer of each message and an index of times and outcomes. Who took it is on record."""
    content = packed(found)
    record(action=Action.EVIDENCE_TAKEN, actor=actor, subject_kind="messages", subject=subject, now=now, details={})
    return content


def packed(found: Iterable[Message]) -> bytes:
    """The same messages make the same bytes."""
    index: list[tuple[object, ...]] = []
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as pack:
        for number, one in enumerate(found, start=1):
            name = f"{number:03}-{one.operation}-{one.fault_code or one.outcome}"
            at = one.happened_at.astimezone(ROME).isoformat(timespec="milliseconds")
            index.append((name, one.operation, at, one.milliseconds, one.outcome, one.fault_code))
            _write(pack, f"{name}-request.xml", bytes(one.request))
            _write(pack, f"{name}-response.xml", bytes(one.response))
        _write(pack, "index.csv", csv_text(HEADINGS, index).encode())
    return whole.getvalue()


def _write(pack: zipfile.ZipFile, name: str, content: bytes) -> None:
    pack.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
