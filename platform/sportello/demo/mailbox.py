"""The demo's post: each mail that leaves is a file, readable on the page /demo/posta/ of its Comune."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from tenants.current import require_schema


class EmailBackend(BaseEmailBackend):
    """Writes one .eml file a message, in the folder of the Comune that sends it."""

    def __init__(self, folder: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = self.folder / require_schema()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            draft = folder / f".{uuid.uuid4().hex}"
            draft.write_bytes(message.message().as_bytes())
            draft.rename(folder / f"{uuid.uuid4().hex}.eml")
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail as its reader sees it."""

    recipient: str
    subject: str
    date: str
    body: str


def delivered_mails(*, limit: int = 100) -> list[Delivered]:
    """The latest mails of the current Comune, newest first."""
    folder = Path(settings.MAILERS["default"]["OPTIONS"].get("folder", "")) / require_schema()
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_read(path) for path in files[:limit]]


def _read(path: Path) -> Delivered:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    return Delivered(
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        body=str(body.get_content()) if body else "",
    )
