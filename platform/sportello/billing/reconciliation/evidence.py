"""The messages exchanged with the Node as a zip, byte for byte (P22): of one notice, or one of each primitive.

PagoPA's acceptance tests (EC-PSP-01, -02, -02M, -04) ask for the XML of each primitive and its answer. Which notice was
paid for which test only who ran it knows: she says so, and the messages of the notice stand in the folder of the test.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from integrations.pagopa.soap.operations import Operation
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.receipts.models import Message
from sportello.kernel.clock import ROME
from sportello.ui.spreadsheets import csv_text

MOST: Final = 200
HEADINGS: Final = ("file", "test", "operation", "happened_at", "milliseconds", "outcome", "fault_code")
CASES: Final = ("EC-PSP-01", "EC-PSP-02", "EC-PSP-02M", "EC-PSP-04")
PRIMITIVES: Final = tuple(one.value for one in Operation if one != Operation.DEMAND)


def messages_of(notice_number: str) -> list[Message]:
    """All messages of a notice, the first one first."""
    return list(Message.objects.filter(notice_number=notice_number).order_by("happened_at", "pk")[:MOST])


def one_of_each() -> list[Message]:
    """The latest message of each primitive with each outcome."""
    rows = Message.objects.order_by("operation", "outcome", "fault_code", "-happened_at", "-pk")
    return list(rows.distinct("operation", "outcome", "fault_code")[:MOST])


def take_evidence(*, found: Iterable[Message], subject: str, actor: int | None, now: datetime) -> bytes:
    """The zip: request and answer of each message and an index of times and outcomes. Who took it is on record."""
    return _taken(packed([("", one) for one in found]), subject, actor, now)


def take_cases(*, notices: Mapping[str, str], actor: int | None, now: datetime) -> bytes:
    """The pack of the acceptance tests: for each test of `notices` (test -> notice number) a folder with the messages
    of its notice, beside them one of each primitive, and which primitives were never called.
    """
    found = [(f"{case}/", one) for case, number in sorted(notices.items()) for one in messages_of(number)]
    found += [("primitive/", one) for one in one_of_each()]
    return _taken(packed(found, missing=missing_primitives()), "pack", actor, now)


def missing_primitives() -> list[str]:
    """The primitives that the journal has never seen answered with OK: what is still to be tried."""
    seen = set(Message.objects.filter(outcome="OK").order_by().values_list("operation", flat=True).distinct())
    return [one for one in PRIMITIVES if one not in seen]


def packed(found: Iterable[tuple[str, Message]], missing: Iterable[str] = ()) -> bytes:
    """Each message in its folder; the same messages make the same bytes."""
    index: list[tuple[object, ...]] = []
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as pack:
        for number, (folder, one) in enumerate(found, start=1):
            name = f"{folder}{number:03}-{one.operation}-{one.fault_code or one.outcome}"
            at = one.happened_at.astimezone(ROME).isoformat(timespec="milliseconds")
            case = folder.rstrip("/") if folder.rstrip("/") in CASES else ""
            index.append((name, case, one.operation, at, one.milliseconds, one.outcome, one.fault_code))
            _write(pack, f"{name}-request.xml", bytes(one.request))
            _write(pack, f"{name}-response.xml", bytes(one.response))
        index += [("", "", one, "", "", "never answered with OK", "") for one in missing]
        _write(pack, "index.csv", csv_text(HEADINGS, index).encode())
    return whole.getvalue()


def _taken(content: bytes, subject: str, actor: int | None, now: datetime) -> bytes:
    record(action=Action.EVIDENCE_TAKEN, actor=actor, subject_kind="messages", subject=subject, now=now, details={})
    return content


def _write(pack: zipfile.ZipFile, name: str, content: bytes) -> None:
    pack.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
