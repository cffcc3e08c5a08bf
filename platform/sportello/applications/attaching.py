"""A file is handed in with an application: checked by its first bytes, kept in the Comune's private store."""

from datetime import datetime
from pathlib import PurePath
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.applications.models import Application, Attachment
from sportello.kernel.errors import DomainError

type Upload = UploadedFile[bytes]

MAX_BYTES = 5 * 1024 * 1024
_SIGNATURES = {b"%PDF-": ("application/pdf", "pdf"), b"\xff\xd8\xff": ("image/jpeg", "jpg")}
_SIGNATURES[b"\x89PNG\r\n\x1a\n"] = ("image/png", "png")


class FileTooBig(DomainError):
    """A file beyond 5 MB."""


class FileKindRefused(DomainError):
    """A file that is neither PDF, JPEG nor PNG, whatever its name says."""


def media_type_of(upload: Upload) -> tuple[str, str]:
    """(media type, extension) by the file's first bytes. Raises FileTooBig or FileKindRefused."""
    if (upload.size or 0) > MAX_BYTES:
        raise FileTooBig(_("Il file supera 5 MB: riducilo o dividilo."))
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            return kind
    raise FileKindRefused(_("Il file non è un PDF, una foto JPEG o un'immagine PNG."))


def attach(*, application: Application, upload: Upload, purpose: str, now: datetime) -> Attachment:
    """Keep the file under a name of our own; the name it came with is only shown."""
    media_type, extension = media_type_of(upload)
    attachment = Attachment(
        application=application,
        purpose=purpose,
        name=PurePath(upload.name or "documento").name[-120:],
        media_type=media_type,
        size=upload.size or 0,
        uploaded_at=now,
    )
    attachment.file.save(f"{uuid4()}.{extension}", ContentFile(upload.read()), save=True)
    return attachment


def discard(attachment: Attachment) -> None:
    """Forget a file: its row now, its bytes once the transaction has gone well."""
    storage, name = attachment.file.storage, str(attachment.file.name)
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(name))


def replace(*, application: Application, upload: Upload, purpose: str, now: datetime) -> Attachment:
    """As :func:`attach`, taking the place of what was handed in for the same purpose."""
    old = list(application.attachments.filter(purpose=purpose))
    attachment = attach(application=application, upload=upload, purpose=purpose, now=now)
    for one in old:
        discard(one)
    return attachment
