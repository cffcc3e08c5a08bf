"""What a file is, by its bytes and never by its name."""

import codecs
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from onboarding.errors import EmptyFile, NotText
from onboarding.mapping.structs import Encoding
from onboarding.sources.lines import CHUNK, LONGEST_LINE, as_utf8
from onboarding.sources.text import TextSource
from onboarding.sources.types import Source
from onboarding.sources.workbooks import OLE, ZIP, check_archive, check_compound, open_workbook
from sportello.kernel.errors import gettext_noop

_SAVE_AS_CSV: Final = gettext_noop("Aprilo e salvalo come CSV con il punto e virgola.")
_EXPORT_AGAIN: Final = gettext_noop("Chiedi al programma precedente un'esportazione CSV.")
_UNPACK: Final = gettext_noop("Scompattalo e carica il file che contiene.")
_PICTURE: Final = gettext_noop("un'immagine")
_PACKED: Final = gettext_noop("un file compresso")
_PAGE: Final = gettext_noop("una pagina web o un XML")
_MAGIC: Final = (
    (b"%PDF", gettext_noop("un PDF"), _EXPORT_AGAIN),
    (b"\x1f\x8b", _PACKED, _UNPACK),
    (b"Rar!\x1a\x07", _PACKED, _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", _PACKED, _UNPACK),
    (b"\xfd7zXZ\x00", _PACKED, _UNPACK),
    (b"BZh91AY", _PACKED, _UNPACK),
    (b"\x28\xb5\x2f\xfd", _PACKED, _UNPACK),
    (b"\x89PNG\r\n\x1a\n", _PICTURE, _EXPORT_AGAIN),
    (b"\xff\xd8\xff", _PICTURE, _EXPORT_AGAIN),
    (b"GIF8", _PICTURE, _EXPORT_AGAIN),
    (b"II*\x00", _PICTURE, _EXPORT_AGAIN),
    (b"MM\x00*", _PICTURE, _EXPORT_AGAIN),
    (b"{\\rtf", gettext_noop("un documento di testo"), _EXPORT_AGAIN),
)
_PAGES: Final = (b"<!doctype html", b"<html", b"<table", b"<?xml")
_HEAD: Final = 1 << 16
_CONTROL: Final = bytes(byte for byte in (*range(1, 0x20), 0x7F) if byte not in b"\t\n\r\x0c\x1a")


def open_source(path: Path) -> Source:
    """A source for the file, read once in constant memory.

    A file that is valid UTF-8 is UTF-8: text in Windows-1252 with accents hardly ever is. In one that is not, lines
    are counted: a few lines in another encoding do not make the file theirs. Raises a SourceError that says what
    the file is and what to do.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith((ZIP, OLE)):
        return _spreadsheet(path, head)
    _refuse(head)
    encoding = _utf16(head)
    scan = _Scan(utf8=not encoding)
    scan.read(path, encoding)
    if not scan.has_text:
        raise EmptyFile
    encoding = encoding or scan.encoding(marked=head.startswith(codecs.BOM_UTF8))
    return TextSource(path, scan.sha256.hexdigest(), scan.size, encoding, scan.newline)


def _spreadsheet(path: Path, head: bytes) -> Source:
    check = check_archive if head.startswith(ZIP) else check_compound
    check(path)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return open_workbook(path, sha256, path.stat().st_size)


def _refuse(head: bytes) -> None:
    for magic, kind, remedy in _MAGIC:
        if head.startswith(magic):
            raise NotText(kind, remedy)
    if head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:20].lower().startswith(_PAGES):
        raise NotText(_PAGE, _SAVE_AS_CSV)
    if head.startswith((codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE)):
        raise NotText(gettext_noop("un testo UTF-32"), gettext_noop("Salvalo come «CSV UTF-8»."))
    control = len(head) - len(head.translate(None, _CONTROL))
    if (control * 20 > len(head) or head.count(0) * 3 > len(head)) and not _utf16(head):
        raise NotText(gettext_noop("un file binario"), _SAVE_AS_CSV)


def _utf16(head: bytes) -> Encoding:
    """The kind of UTF-16, or nothing: told by its mark, or because every other byte is zero."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = len(head) // 2
    first, second = head[: pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if pairs >= 4 and second * 10 > pairs * 7 and first * 10 < pairs:
        return "utf-16-le"
    if pairs >= 4 and first * 10 > pairs * 7 and second * 10 < pairs:
        return "utf-16-be"
    return ""


class _Scan:
    """What the whole file tells."""

    def __init__(self, *, utf8: bool) -> None:
        self.sha256 = hashlib.sha256()
        self.size = 0
        self.utf8 = utf8
        self.has_text = False
        self.has_newline = self.has_return = False
        self.in_utf8 = self.in_other = 0
        self.rest = b""

    def read(self, path: Path, utf16: str) -> None:
        """Feed all the bytes."""
        with path.open("rb") as stream:
            chunks = self._hashed(iter(lambda: stream.read(CHUNK), b""))
            for chunk in as_utf8(chunks, utf16) if utf16 else chunks:
                self._look(chunk)
        self._count(self.rest)

    def _hashed(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.sha256.update(chunk)
            self.size += len(chunk)
            yield chunk

    def _look(self, chunk: bytes) -> None:
        self.has_text = self.has_text or bool(chunk.strip(b"\xef\xbb\xbf\x00\x1a \t\r\n"))
        self.has_newline = self.has_newline or b"\n" in chunk
        self.has_return = self.has_return or b"\r" in chunk
        if not self.utf8:
            return
        block, newline, rest = (self.rest + chunk).rpartition(b"\n")
        if not newline and len(rest) <= LONGEST_LINE:
            self.rest = rest
            return
        self._count(block if newline else rest)
        self.rest = rest if newline and len(rest) <= LONGEST_LINE else b""

    def _count(self, block: bytes) -> None:
        """Lines with accents, by whether they are UTF-8."""
        if block.isascii():
            return
        accented = [line for line in block.split(b"\n") if not line.isascii()]
        good = len(accented) if _is_utf8(block) else sum(_is_utf8(line) for line in accented)
        self.in_utf8 += good
        self.in_other += len(accented) - good

    def encoding(self, *, marked: bool) -> Encoding:
        """By the majority of its lines with accents; the mark of UTF-8 settles it."""
        if marked:
            return "utf-8-sig"
        return "utf-8" if self.in_utf8 >= self.in_other else "cp1252"

    @property
    def newline(self) -> bytes:
        return b"\r" if self.has_return and not self.has_newline else b"\n"


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
