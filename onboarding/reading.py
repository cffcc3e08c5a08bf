"""From the bytes of a file to its lines, in constant memory: which encoding it is in, and why it may not be read."""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onboarding.errors import EmptyFile, LineTooLong, NotText, UnreadableCharacter
from sportello.kernel.errors import gettext_noop

CHUNK: Final = 1 << 20
LONGEST_LINE: Final = 8192
_NOT_IN_CP1252: Final = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_SAVE_AS_CSV: Final = gettext_noop("Aprilo e salvalo come CSV con il punto e virgola.")
_MAGIC: Final = (
    (b"PK\x03\x04", gettext_noop("un foglio di calcolo (xlsx, ods) o un archivio zip"), _SAVE_AS_CSV),
    (b"\xd0\xcf\x11\xe0", gettext_noop("un foglio di calcolo Excel (xls)"), _SAVE_AS_CSV),
    (b"%PDF", gettext_noop("un PDF"), gettext_noop("Chiedi al programma precedente un'esportazione CSV.")),
    (b"\x1f\x8b", gettext_noop("un file compresso"), gettext_noop("Scompattalo e carica il CSV che contiene.")),
    (codecs.BOM_UTF16_LE, gettext_noop("un testo UTF-16"), gettext_noop("Salvalo come «CSV UTF-8».")),
    (codecs.BOM_UTF16_BE, gettext_noop("un testo UTF-16"), gettext_noop("Salvalo come «CSV UTF-8».")),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that can be read: its encoding, its SHA-256, and how many bytes it has (for progress)."""

    path: Path
    encoding: str
    sha256: str
    size: int

    def lines(self) -> Iterator[tuple[int, str]]:
        """(number from 1, text without line ending) of each line; raises LineTooLong."""
        with self.path.open(encoding=self.encoding) as stream:
            number = 0
            while text := stream.readline(LONGEST_LINE):
                number += 1
                if len(text) == LONGEST_LINE and not text.endswith("\n"):
                    raise LineTooLong(number)
                yield number, text.rstrip("\n")


def inspect(path: Path) -> TextFile:
    """Read the whole file once and name its encoding: utf-8-sig, utf-8 or cp1252.

    A file that is valid UTF-8 is UTF-8: text in Windows-1252 with accents hardly ever is. Raises EmptyFile,
    NotText or UnreadableCharacter.
    """
    digest, size = hashlib.sha256(), 0
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    bad: tuple[int, int] | None = None
    head, line = b"", 1
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            head = head or chunk[:8]
            _refuse_binary(head, chunk)
            digest.update(chunk)
            size += len(chunk)
            bad = bad or _first_unreadable(chunk, line)
            line += chunk.count(b"\n")
            utf8 = _still_utf8(utf8, chunk)
    if size == 0:
        raise EmptyFile
    if utf8 is not None and _still_utf8(utf8, b"", final=True) is not None:
        encoding = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    elif bad is not None:
        raise UnreadableCharacter(line=bad[0], byte=bad[1])
    else:
        encoding = "cp1252"
    return TextFile(path=path, encoding=encoding, sha256=digest.hexdigest(), size=size)


def _refuse_binary(head: bytes, chunk: bytes) -> None:
    for magic, kind, remedy in _MAGIC:
        if head.startswith(magic):
            raise NotText(kind, remedy)
    if b"\x00" in chunk:
        raise NotText(gettext_noop("un file binario"), _SAVE_AS_CSV)


def _first_unreadable(chunk: bytes, line: int) -> tuple[int, int] | None:
    places = [place for place in (chunk.find(byte) for byte in _NOT_IN_CP1252) if place >= 0]
    if not places:
        return None
    first = min(places)
    return line + chunk.count(b"\n", 0, first), chunk[first]


def _still_utf8(
    decoder: codecs.IncrementalDecoder | None, chunk: bytes, *, final: bool = False
) -> codecs.IncrementalDecoder | None:
    """The decoder as long as what it has seen is UTF-8, then None."""
    if decoder is None:
        return None
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return None
    return decoder
